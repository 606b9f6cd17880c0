/** A story as frames at a fixed rate, each drawn from the record. */
import type { Chapter, Story } from './story'

/** Frames of a second. */
export const frameRate = 30

/** Number of a chapter's frames: as long as it was rehearsed. */
export function framesOf({ minutes }: Pick<Chapter, 'minutes'>): number {
  return Math.max(1, Math.round(60 * minutes * frameRate))
}

/** Number of all frames of a story. */
export function storyFrames({ chapters }: Story): number {
  return chapters.reduce((sum, chapter) => sum + framesOf(chapter), 0)
}

/** The moment of a record's course, 0 to 1, that a chapter's frame shows. */
export function momentOf({ record }: Pick<Chapter, 'record'>, frame: number): number {
  const seconds = record?.seconds ?? 0
  return seconds === 0 ? 1 : Math.min(1, frame / frameRate / seconds)
}
