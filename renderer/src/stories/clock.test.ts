import { everyKind } from '@core/stories/story.fixture'
import { expect, test } from 'vitest'
import { clockAt, minutesBefore } from './clock'

const story = { ...everyKind, chapters: everyKind.chapters.map((chapter, i) => ({ ...chapter, minutes: i + 1 })) }
const minute = 60_000

test('the clock of a talk goes through its chapters, and the first one begins it anew', () => {
  const begun = clockAt(story, 0, undefined, 1000)
  expect(begun).toEqual({ story: 1000, chapter: 1000 })
  const second = clockAt(story, 1, begun, 1000 + minute)
  expect(second).toEqual({ story: 1000, chapter: 1000 + minute })
  expect(clockAt(story, 0, second, 9 * minute)).toEqual({ story: 9 * minute, chapter: 9 * minute })
})

test('a talk that begins amid its chapters is on time', () => {
  // 1 + 2 + 3 minutes were rehearsed for the chapters before the fourth one.
  expect(minutesBefore(story, 3)).toBe(6)
  expect(clockAt(story, 3, undefined, 10 * minute)).toEqual({ story: 4 * minute, chapter: 10 * minute })
})
