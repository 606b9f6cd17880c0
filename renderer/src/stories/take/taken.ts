import type { StoryRecord } from '@core/stories/records'
import type { AppState } from '../../state/app-state'

/** The content of a view at present, as a chapter has it. */
export interface TakenRecord {
  readonly record: StoryRecord
  /** The part of it that is looked at. */
  readonly pointer?: string
}

/** Takes the record of a view's state; undefined where there is nothing to be shown yet. */
export type Take = (state: AppState) => TakenRecord | undefined

/** Seconds in which a record with a course is told. */
export const courseSeconds = 6

/** Half of a 95 % interval, in standard errors. */
export const z95 = 1.96

/** A pointer where there is one. */
export function pointed(record: StoryRecord, pointer: string | undefined): TakenRecord {
  return pointer === undefined ? { record } : { record, pointer }
}
