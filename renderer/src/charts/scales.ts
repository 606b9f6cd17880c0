/** Colours of ratios, the same everywhere. */
import { interpolateRgb } from 'd3'
import type { Theme } from './expert-colour'

const grounds: Readonly<Record<Theme, { none: string; less: string; more: string }>> = {
  light: { none: '#eceef1', less: '#006aa6', more: '#bd5200' },
  dark: { none: '#262b34', less: '#56a9dc', more: '#f08a4b' }
}

/** Colours of ratios to what is even, up to a limit on both sides. */
export interface RatioScale {
  /** Ratio from which on the colour is the strongest; its inverse likewise. */
  readonly limit: number
  readonly colour: (ratio: number) => string
}

const limits = [1.1, 1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]

/** Below a quarter of what is even nothing more is told apart, so that one idle expert does not make all others pale. */
const leastTold = 0.25

/**
 * A logarithmic scale from one hue (less) over the ground (1) to another (more), as wide as the ratios ask. NaN has the
 * colour of the ground.
 */
export function ratioScale(theme: Theme, ratios: Iterable<number>): RatioScale {
  const { none, less, more } = grounds[theme]
  const [below, above] = [interpolateRgb(none, less), interpolateRgb(none, more)]
  let widest = 1
  for (const ratio of ratios) if (ratio > 0) widest = Math.max(widest, ratio, 1 / Math.max(ratio, leastTold))
  const limit = limits.find((each) => each >= widest) ?? Math.ceil(widest)
  const colour = (ratio: number) => {
    const place = Math.log(Math.max(ratio, 1e-9)) / Math.log(limit)
    if (Number.isNaN(place)) return none
    return place < 0 ? below(Math.min(1, -place)) : above(Math.min(1, place))
  }
  return { limit, colour }
}
