/** The axes of a chart by two numbers, in pixels. */
import { scaleLinear, scaleLog } from 'd3'
import type { XYAxis } from './XYChart'

/** The place of a value on an axis. */
export type Scale = ((value: number) => number) & {
  ticks(count?: number): number[]
  domain(): number[]
  range(): number[]
  invert(place: number): number
}

/**
 * The scale of an axis, which ends where the axis says, or a little beyond the values.
 *
 * @param range both ends in pixels
 */
export function scaleOf(axis: XYAxis, values: readonly number[], range: [number, number]): Scale {
  const finite = values.filter((value) => Number.isFinite(value) && (axis.scale === 'linear' || value > 0))
  const [low, high] = finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [1, 10]
  if (axis.scale === 'log') {
    const room = high > low ? (high / low) ** 0.05 : 2
    return scaleLog([axis.from ?? low / room, axis.to ?? high * room], range).clamp(!axis.cut)
  }
  const room = (high - low || Math.abs(high) || 1) * 0.06
  return scaleLinear([axis.from ?? low - room, axis.to ?? high + room], range).clamp(!axis.cut)
}

/**
 * Ticks that are not crowded: of logarithmic ones first 1, 2 and 5, and where these are fewer than three, 3 and 7, too;
 * then whole powers, then some of them.
 */
export function ticksOf(scale: Scale, axis: XYAxis, most: number): readonly number[] {
  if (axis.ticks) return axis.ticks
  if (axis.scale === 'linear') return scale.ticks(Math.max(2, Math.floor(most)))
  const [low = 1, high = 10] = scale.domain()
  const first = Math.floor(Math.log10(low))
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => 10 ** (first + i))
  const fine = powers.flatMap((power) => [power, 2 * power, 5 * power])
  const within = (ticks: readonly number[]) => ticks.filter((tick) => tick >= low && tick <= high)
  const [few, many] = [within(powers), within(fine)]
  if (many.length < 3) return within(powers.flatMap((power) => [1, 2, 3, 5, 7].map((digit) => digit * power)))
  if (many.length <= most) return many
  const stride = Math.ceil(few.length / most)
  return few.filter((_, i) => i % stride === 0)
}
