import { formatDifference } from '../charts/format-large'

/** Relative difference of a changed model's figure to the original, in words; empty without a change. */
export function againstOriginal(now: number, original: number): string {
  return now === original ? '' : ` (${formatDifference(now / original - 1)} against the original)`
}
