/** Colours of shares and ratios, the same everywhere. */
import { interpolateRgb } from 'd3'
import type { Theme } from './expert-colour'

const grounds: Readonly<Record<Theme, { none: string; most: string; less: string; more: string }>> = {
  light: { none: '#eceef1', most: '#15171c', less: '#006aa6', more: '#bd5200' },
  dark: { none: '#262b34', most: '#eceef2', less: '#56a9dc', more: '#f08a4b' }
}

/** A part of a whole, from 0 (the colour of the ground) to 1 (the colour of text). */
export function partColour(theme: Theme): (part: number) => string {
  const { none, most } = grounds[theme]
  const between = interpolateRgb(none, most)
  return (part) => between(Math.min(1, Math.max(0, part)))
}

/** A ratio to what is even, on a logarithmic scale: from a quarter (one hue) over 1 (the ground) to four times (another). */
export function ratioColour(theme: Theme): (ratio: number) => string {
  const { none, less, more } = grounds[theme]
  const [below, above] = [interpolateRgb(none, less), interpolateRgb(none, more)]
  return (ratio) => {
    const doublings = Math.max(-2, Math.min(2, Math.log2(Math.max(ratio, 1e-9)))) / 2
    return doublings < 0 ? below(-doublings) : above(doublings)
  }
}
