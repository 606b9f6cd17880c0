/** The clock of a talk. */
import type { Story } from '@core/stories/story'
import type { ToldSince } from './state'

/** Minutes that were rehearsed for the chapters before this one. */
export function minutesBefore({ chapters }: Story, chapter: number): number {
  return chapters.slice(0, chapter).reduce((sum, { minutes }) => sum + minutes, 0)
}

/** The clock at the beginning of a chapter: the first one begins the talk anew, and a talk without a clock is on time. */
export function clockAt(story: Story, chapter: number, before: ToldSince | undefined, now: number): ToldSince {
  const onTime = now - 60_000 * minutesBefore(story, chapter)
  return { story: chapter === 0 ? now : (before?.story ?? onTime), chapter: now }
}
