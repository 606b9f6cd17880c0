import { formatDifference } from '../charts/format-large'

/** How a figure of a changed model compares with that of the original, in words; empty where nothing is changed. */
export function againstOriginal(now: number, original: number): string {
  return now === original ? '' : ` (${formatDifference(now / original - 1)} against the original)`
}
