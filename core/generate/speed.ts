import type { Speed } from './records'

/** Tokens per second from the milliseconds of single steps: median and quartiles; undefined without a step. */
export function speedOf(stepMilliseconds: readonly number[]): Speed | undefined {
  if (stepMilliseconds.length === 0) return undefined
  const sorted = stepMilliseconds.toSorted((a, b) => a - b)
  const perSecond = (part: number) => 1000 / quantile(sorted, part)
  return { median: perSecond(0.5), low: perSecond(0.75), high: perSecond(0.25), steps: sorted.length }
}

/** The value below which a part of sorted numbers lies, interpolated between neighbours. */
export function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part
  const below = Math.floor(place)
  const [low = Number.NaN, high = low] = sorted.slice(below, below + 2)
  return low + (high - low) * (place - below)
}
