import { expect, test } from 'vitest'
import { checkStory } from './check'
import { readStory, writeStory } from './story'
import { everyKind } from './story.fixture'

const text = writeStory(everyKind)
const lines = text.trimEnd().split('\n')

test('what is written is read again, and a whole story is fit to be told', () => {
  const read = readStory(text, 'a.moescope-story')
  expect(read).toEqual({ story: everyKind, remarks: [] })
  expect(checkStory(read)).toEqual({ chapters: 7, minutes: 3.5, computes: [], missing: [], long: [] })
})

test('a chapter of text alone, without a record, is read as it was written', () => {
  const [chapter] = everyKind.chapters
  const { headline = '', text: lines = [], notes = '', minutes = 1 } = chapter ?? {}
  const story = { ...everyKind, chapters: [{ headline, text: [...lines], notes, minutes }] }
  expect(readStory(writeStory(story), 'text')).toEqual({ story, remarks: [] })
})

test('a file that was cut off anywhere after its first chapter opens with the chapters that are whole', () => {
  const begun = (lines[0]?.length ?? 0) + (lines[1]?.length ?? 0) + 2
  for (let end = begun; end < text.length - 1; end += 37) {
    const { story, remarks } = readStory(text.slice(0, end), 'cut')
    const whole = text.slice(0, end + 1).split('\n').length - 2
    expect(story.chapters).toEqual(everyKind.chapters.slice(0, Math.max(whole, story.chapters.length)))
    expect(remarks.join(' ')).toMatch(story.chapters.length === 7 ? /^$/ : /cut off|cannot be read/)
  }
})

test('a record of an unknown kind costs its chapter no more than its picture', () => {
  const changed = text.replace('"kind":"bars"', '"kind":"hologram"').replace('moescope.story/1', 'moescope.story/2')
  const { story, remarks } = readStory(changed, 'new')
  expect(story.chapters).toHaveLength(7)
  expect(story.chapters[4]).not.toHaveProperty('record')
  expect(remarks).toEqual([
    'It was made by a newer Moescope (moescope.story/2): what this one knows of it is shown.',
    expect.stringContaining('Chapter 5 is shown without its record')
  ])
  expect(checkStory({ story, remarks }).missing).toHaveLength(2)
})

test('another file, and one of no whole chapter, are refused with what was expected', () => {
  expect(() => readStory('{"layers":2}', 'other')).toThrow(/^other: format: expected moescope.story\/1$/)
  expect(() => readStory('{"format":"moescope.run/1"}', 'run')).toThrow(/run: format: expected moescope.story\/1/)
  expect(() => readStory(`${lines[0]}\n{`, 'none')).toThrow('none: none of its 7 chapters can be read')
})

test('the rehearsal names what computes, what is missing and what is too long', () => {
  const [chapter] = everyKind.chapters
  const { record: _, ...bare } = chapter ?? { headline: '', text: [], notes: '', minutes: 1 }
  const story = {
    ...everyKind,
    chapters: [
      { ...bare, choices: { format: 'moescope.state/4' } },
      { ...bare, text: [] },
      { ...everyKind.chapters[4], pointer: '9' },
      { ...bare, headline: 'x'.repeat(43) }
    ] as typeof everyKind.chapters
  }
  const found = checkStory({ story, remarks: [] })
  expect(found.computes).toEqual(['chapter 1, “figure” names a view and has no record: the view would compute'])
  expect(found.missing).toEqual([
    'chapter 2, “figure”: it shows nothing: no record, no view and no text',
    "chapter 3, “bars”: its pointer names '9', and its record has 1, 2, 3, 4"
  ])
  expect(found.long).toEqual([expect.stringContaining('its headline has 43 letters, and 42 fit')])
})
