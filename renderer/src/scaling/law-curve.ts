/** A law along one of its inputs, and where on the way it was fitted. */
import { type Law, type LawPoint, takesPoint, type Within } from '@core/scaling/laws'
import type { LawAxis, ScalingChoices } from './choices'

/** A law's value at one point of its axis. */
export interface CurvePoint {
  readonly x: number
  /** Nats per token of the law's own text. */
  readonly loss: number
  readonly within: Within
}

/** A stretch of a curve on which the law is equally well founded. */
export interface Stretch {
  readonly within: Within
  readonly points: readonly CurvePoint[]
}

/** Values that each axis covers. */
export const axisRanges: Readonly<Record<LawAxis, readonly [low: number, high: number]>> = {
  parameters: [1e7, 1e13],
  tokens: [1e9, 1e14],
  flops: [1e18, 1e27]
}

/** The axes along which a law gives a loss. */
export function axesOf(law: Law): LawAxis[] {
  return (Object.keys(axisRanges) as LawAxis[]).filter((axis) => law.takes.some((inputs) => inputs.includes(axis)))
}

/**
 * The point of a law that the choices stand for: parameters and tokens, or FLOPs in their place, with the experts where
 * the law asks for them.
 */
export function chosenPoint(law: Law, along: LawAxis, chosen: ScalingChoices): LawPoint {
  const { parameters, tokens, flops, experts, granularity } = chosen
  const all: LawPoint = {
    ...(along === 'flops' ? { flops: 10 ** flops } : { parameters: 10 ** parameters, tokens: 10 ** tokens }),
    experts,
    granularity
  }
  const inputs = new Set(law.takes.flat())
  return Object.fromEntries(Object.entries(all).filter(([input]) => inputs.has(input as keyof LawPoint)))
}

/** The loss along an axis, everything else as chosen; empty where the law gives none. */
export function lawCurve(law: Law, along: LawAxis, chosen: ScalingChoices, steps = 120): CurvePoint[] {
  const [low, high] = axisRanges[along]
  const fixed = chosenPoint(law, along, chosen)
  return Array.from({ length: steps + 1 }, (_, i) => low * (high / low) ** (i / steps)).flatMap((x) => {
    const point = { ...fixed, [along]: x }
    const loss = takesPoint(law, point) ? law.figures(point).loss : undefined
    return loss === undefined ? [] : [{ x, loss, within: law.within(point) }]
  })
}

/** A curve in stretches that are equally well founded; neighbours share the point where one ends. */
export function stretchesOf(points: readonly CurvePoint[]): Stretch[] {
  const stretches: { within: Within; points: CurvePoint[] }[] = []
  for (const point of points) {
    const last = stretches.at(-1)
    last?.points.push(point)
    if (last?.within !== point.within) stretches.push({ within: point.within, points: [point] })
  }
  return stretches
}

/** Position relative to the region of a law's fit, in words. */
export const withinWords: Readonly<Record<Within, string>> = {
  inside: 'inside the region of its fit',
  outside: 'outside the region of its fit: an extrapolation',
  unknown: 'whether that is inside the region of its fit is not known'
}
