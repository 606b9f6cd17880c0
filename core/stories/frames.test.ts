import { expect, test } from 'vitest'
import { frameRate, framesOf, momentOf, storyFrames } from './frames'
import { everyKind } from './story.fixture'

test('a story has as many frames as its minutes say', () => {
  // Seven chapters of half a minute.
  expect(storyFrames(everyKind)).toBe(7 * 30 * 30)
  expect(framesOf({ minutes: 0.001 })).toBe(2)
})

test('a course begins with its chapter, takes its seconds, and stays at its end', () => {
  for (const chapter of everyKind.chapters) {
    const seconds = chapter.record?.seconds ?? 0
    const moments = Array.from({ length: framesOf(chapter) }, (_, frame) => momentOf(chapter, frame))
    expect(moments[0]).toBe(seconds === 0 ? 1 : 0)
    expect(moments.indexOf(1)).toBe(seconds * frameRate)
    expect(moments.at(-1)).toBe(1)
    expect(moments).toEqual(moments.toSorted((a, b) => a - b))
  }
})
