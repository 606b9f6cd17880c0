import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkStory } from '@core/stories/check'
import { notesMarkdown } from '@core/stories/notes'
import { readStory, writeStory } from '@core/stories/story'
import { everyKind } from '@core/stories/story.fixture'
import { beforeAll, expect, test, vi } from 'vitest'
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
  expect((await runCommand(['story', 'tell', file])).status).toBe(2)
})

const terminal = { modelsFolder: 'assets/models' }

// Needs the built page in out/, which npm test makes first.
test('export makes the page and the notes of what is whole of a story, and says what is not', async () => {
  const folder = await temporaryFolder()
  const file = join(folder, 'talk.moescope-story')
  writeFileSync(file, writeStory(everyKind).slice(0, -40))
  const [html, notes] = [join(folder, 'talk.html'), join(folder, 'talk.md')]
  const ran = await runCommand(['story', 'export', file, '--html', html, '--markdown', notes, '--json'], terminal)
  expect(ran.errors).toContain('Chapter 7 cannot be read')
  expect(JSON.parse(ran.output)).toEqual({
    title: 'Every kind',
    files: [
      { kind: 'html', path: html, bytes: statSync(html).size },
      { kind: 'markdown', path: notes, bytes: statSync(notes).size }
    ]
  })
  const whole = { ...everyKind, chapters: everyKind.chapters.slice(0, -1) }
  const [, data = ''] = /id="story">([^<]*)<\/script>/.exec(readFileSync(html, 'utf8')) ?? []
  expect(readStory(data, html)).toEqual({ story: whole, remarks: [] })
  expect(readFileSync(notes, 'utf8')).toBe(notesMarkdown(whole))
})

test('an export that cannot be made or written leaves nothing', async () => {
  const folder = await temporaryFolder()
  const out = join(folder, 'talk.html')
  const failing = async (...args: string[]) => {
    const { status, errors } = await runCommand(['story', 'export', ...args], terminal)
    return `${status} ${errors}`
  }
  vi.stubEnv('CHROMIUM_PATH', join(folder, 'no browser'))
  expect(await failing('who-is-expert-5', '--html', out, '--pdf', join(folder, 'talk.pdf'))).toMatch(
    /^1 .*CHROMIUM_PATH: expected a browser's program/
  )
  vi.stubEnv('CHROMIUM_PATH', process.execPath)
  expect(await failing('who-is-expert-5', '--png', folder)).toMatch(/^1 .* ended before it was done/)
  vi.unstubAllEnvs()
  expect(await failing('who-is-expert-6', '--html', out)).toMatch(/^1 .*none of the built-in stories: from-gpt-2/)
  expect(await failing('who-is-expert-5', '--html', out, '--markdown', folder)).toMatch(/^1 .*folder/)
  expect(await failing('who-is-expert-5')).toMatch(/^2 .*expected one of --html/)
  expect(readdirSync(folder)).toEqual([])
})

test('play serves the page of a story at the address that it prints, until it is interrupted', async () => {
  const interrupted = new AbortController()
  let answer = ''
  const ran = await runCommand(['story', 'play', 'who-is-expert-5', '--no-open'], {
    ...terminal,
    interruption: () => interrupted.signal,
    write: (address) => {
      void fetch(address.trim())
        .then((response) => response.text())
        .then((text) => (answer = text))
        .finally(() => interrupted.abort())
    }
  })
  expect(ran.status).toBe(0)
  expect(answer).toContain('<title>Who is expert 5?</title>')
})
