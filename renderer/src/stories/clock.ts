/** The clock of a talk. */
import type { Story } from '@core/stories/story'
import type { ToldSince } from './state'

/** Minutes that were rehearsed for the chapters before this one. */
export function minutesBefore({ chapters }: Story, chapter: number): number {
  return chapters.slice(0, chapter).reduce((sum, { minutes }) => sum + minutes, 0)
}

/** The clock of a talk that was interrupted; undefined once its chapter is so long ago that it is another talk. */
export function clockThatGoesOn(before: ToldSince | undefined, now: number): ToldSince | undefined {
  return before && now - before.chapter < longestPause ? before : undefined
}

/** Longer than any chapter lasts (ms). */
const longestPause = 3_600_000

/** The clock at the beginning of a chapter: the first one begins the talk anew, and a talk without a clock is on time. */
export function clockAt(story: Story, chapter: number, before: ToldSince | undefined, now: number): ToldSince {
  const onTime = now - 60_000 * minutesBefore(story, chapter)
  return { story: chapter === 0 ? now : (before?.story ?? onTime), chapter: now }
}
