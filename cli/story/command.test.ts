import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkStory } from '@core/stories/check'
import { readStory, writeStory } from '@core/stories/story'
import { everyKind } from '@core/stories/story.fixture'
import { beforeAll, expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'
import { builtInStories } from './built-in'

const shipped = 'assets/stories'
let written: Record<string, string>

beforeAll(async () => {
  written = await builtInStories('assets/models')
})

test('the stories that ship are those that the reports of today tell, to the letter', () => {
  expect(readdirSync(shipped).sort()).toEqual(Object.keys(written).sort())
  for (const [file, text] of Object.entries(written)) expect(readFileSync(join(shipped, file), 'utf8')).toBe(text)
})

test('each is a talk of 5 to 8 minutes and 6 to 10 chapters that nothing is missing of, with its sources at the end', () => {
  const files = Object.entries(written).filter(([file]) => file.endsWith('.moescope-story'))
  expect(files).toHaveLength(6)
  for (const [file, text] of files) {
    const read = readStory(text, file)
    const { chapters, minutes, ...faults } = checkStory(read)
    expect({ file, ...faults }).toEqual({ file, computes: [], missing: [], long: [] })
    expect(chapters).toBeGreaterThanOrEqual(6)
    expect(chapters).toBeLessThanOrEqual(10)
    expect(minutes).toBeGreaterThanOrEqual(5)
    expect(minutes).toBeLessThanOrEqual(8)
    expect(read.story.chapters.at(-1)?.record?.kind).toBe('sources')
    // A figure that is not known would be NaN in a sentence.
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
  }
})

test('check says what is to be mended, for readers and machines, with exit status 1', async () => {
  const file = join(await temporaryFolder(), 'talk.moescope-story')
  writeFileSync(file, writeStory(everyKind))
  expect(await runCommand(['story', 'check', file])).toEqual({
    status: 0,
    output: 'Every kind: 7 chapters, 3.5 minutes\n  nothing computes, nothing is missing, all texts fit\n',
    errors: ''
  })
  writeFileSync(file, writeStory(everyKind).slice(0, -40))
  const cut = await runCommand(['story', 'check', file, '--json'])
  expect(cut.status).toBe(1)
  expect(JSON.parse(cut.output)).toMatchObject({
    chapters: 6,
    minutes: 3,
    computes: [],
    missing: [expect.stringContaining('Chapter 7 cannot be read')]
  })
  expect(cut.errors).toContain('1 thing is to be mended')
})

test('another file and another word are refused in one line', async () => {
  const file = join(await temporaryFolder(), 'run.json')
  writeFileSync(file, '{"format":"moescope.run/1"}')
  expect(await runCommand(['story', 'check', file])).toMatchObject({
    status: 1,
    errors: expect.stringContaining('expected moescope.story/1')
  })
  expect((await runCommand(['story', 'play', file])).status).toBe(2)
})
