/**
 * Bounds on what a file may claim, far above any model: what is made for each layer or expert stays small even where a
 * damaged header asks for billions.
 */
import { FormatError } from '../../formats/format-error'
import { noExpert } from '../trace'

export const mostLayers = 4096
export const mostTopK = 1024
export const mostExperts = noExpert

/** Values that tokens may have in memory, for the formats that are read whole: 1 GiB of 16-bit ids. */
export const mostIdsInMemory = 2 ** 29

/** Throws a `FormatError` unless `value` is a whole number from 1 to `most`. */
export function checkCount(value: number, most: number, field: string): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return
  throw new FormatError(`${field}: expected 1 to ${most}, found ${value}`)
}

/**
 * The smallest number of experts that models have, of whose ids `highest` is the highest that was seen: nearly all
 * have a multiple of four, and in more than a few tokens hardly an expert is chosen by none.
 */
export function plausibleExperts(highest: number): number {
  const least = highest + 1
  return least <= 2 ? least : Math.min(4 * Math.ceil(least / 4), mostExperts)
}
