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
 * How many experts a model probably has of whose ids `highest` is the highest that was seen: a count that models have,
 * or the next power of two, because the last experts may have had no token.
 */
export function plausibleExperts(highest: number): number {
  const least = highest + 1
  // Granite 3.1 3B, Qwen1.5-MoE, Granite 4: counts so odd that they do not come about by chance.
  if ([40, 60, 72].includes(least)) return least
  // DeepSeek-V2 and Kimi K2 lie between the powers of two.
  const usual = [1, 2, 4, 8, 16, 32, 64, 128, 160, 256, 384, 512, 1024, 2048, 4096, 8192, 16_384, 32_768]
  return usual.find((count) => count >= least) ?? mostExperts
}
