import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changeChapter, insertChapter, moveChapter, removeChapter } from './edit'
import { mostChapters, readStory, writeStory } from './story'
import { everyKind } from './story.fixture'

const count = everyKind.chapters.length
const places = fc.integer({ min: 0, max: count - 1 })

test('a chapter that is moved there and back, or put in and taken out, leaves the story as it was', () => {
  fc.assert(
    fc.property(places, places, (from, to) => {
      const moved = moveChapter(everyKind, from, to)
      expect(moved.chapters[to]).toBe(everyKind.chapters[from])
      expect(moveChapter(moved, to, from)).toEqual(everyKind)
      const [chapter] = everyKind.chapters
      if (chapter) expect(removeChapter(insertChapter(everyKind, from, chapter), from)).toEqual(everyKind)
    })
  )
  expect(moveChapter(everyKind, 0, count)).toBe(everyKind)
  expect(moveChapter(everyKind, 0, -1)).toBe(everyKind)
})

test('a field is changed, or taken out, in its chapter alone, and what comes of it is a whole file', () => {
  const changed = changeChapter(everyKind, 3, { headline: 'H', pointer: undefined })
  expect(changed.chapters[3]).toEqual({ ...withoutPointer(), headline: 'H' })
  expect(changed.chapters.filter((chapter, i) => chapter !== everyKind.chapters[i])).toHaveLength(1)
  expect(readStory(writeStory(changed), 'it')).toEqual({ story: changed, remarks: [] })
})

test('a story keeps its last chapter, and has a limit', () => {
  const [chapter, ...others] = everyKind.chapters
  if (!chapter) throw new Error('no chapter')
  const short = others.reduce((story) => removeChapter(story, 1), everyKind)
  expect(short.chapters).toEqual([chapter])
  expect(removeChapter(short, 0)).toBe(short)
  const full = { ...everyKind, chapters: Array.from({ length: mostChapters }, () => chapter) }
  expect(() => insertChapter(full, 0, chapter)).toThrow('at most 200 chapters')
})

function withoutPointer() {
  const { pointer: _, ...chapter } = everyKind.chapters[3] ?? everyKind.chapters[0] ?? { pointer: '' }
  return chapter
}
