/** Points of curves, by the axis that they are drawn along. */
import type { ValidationPoint } from '@core/formats/training-report'
import type { CurvePart, LabAxis, Smoothing } from './choices'
import type { ShownTraining } from './state'

export type CurvePoint = readonly [characters: number, value: number]

/** Most points of a curve of training losses. */
const mostPoints = 160

/** Means of equal stretches, each at its end, so that a curve has no more points than can be told apart. */
export function smoothed(points: readonly CurvePoint[], most = mostPoints): CurvePoint[] {
  const stretch = Math.max(1, Math.ceil(points.length / most))
  return Array.from({ length: Math.ceil(points.length / stretch) }, (_, i) => {
    const part = points.slice(i * stretch, (i + 1) * stretch)
    const [characters] = part.at(-1) ?? [0]
    return [characters, part.reduce((sum, [, value]) => sum + value, 0) / part.length]
  })
}

/** Share of a run's steps that a mean goes over. */
const widths: Readonly<Record<Smoothing, number>> = { none: 0, some: 0.02, much: 0.1 }

/** Each value is the mean of those around it, as many before as after; at the ends of fewer. */
export function meansAround(points: readonly CurvePoint[], smoothing: Smoothing): CurvePoint[] {
  const sums = [0]
  for (const [, value] of points) sums.push((sums.at(-1) ?? 0) + value)
  const most = Math.floor((widths[smoothing] * points.length) / 2)
  return points.map(([characters], i) => {
    const reach = Math.min(most, i, points.length - 1 - i)
    return [characters, ((sums[i + reach + 1] ?? 0) - (sums[i - reach] ?? 0)) / (2 * reach + 1)]
  })
}

/** Validation losses of a part of the documents; none where a point has not measured it. */
export function lossesOf(points: readonly ValidationPoint[], part: CurvePart): CurvePoint[] {
  return points.flatMap((point): CurvePoint[] => {
    const loss = part === 'all' ? point.loss : isGroup(part) ? point[part] : point.domains[part]
    return loss === undefined || Number.isNaN(loss) ? [] : [[point.characters, loss]]
  })
}

/** The share of the answers of the validation text of which every character is the most likely one. */
export function answersRight(points: readonly ValidationPoint[], part: CurvePart): CurvePoint[] {
  return points.flatMap(({ characters, answers }): CurvePoint[] => {
    if (!answers) return []
    const scores =
      part === 'all' ? Object.values(answers.domains) : [isGroup(part) ? answers[part] : answers.domains[part]]
    const sum = (of: (score: { right: number; total: number }) => number) =>
      scores.reduce((all, score) => all + (score ? of(score) : 0), 0)
    const total = sum((score) => score.total)
    return total > 0 ? [[characters, sum(({ right }) => right) / total]] : []
  })
}

function isGroup(part: CurvePart): part is 'memory' | 'computation' {
  return part === 'memory' || part === 'computation'
}

/** The place of a run on an axis when it had read so many characters. */
export function placeAlong(
  { charactersPerStep, flopsPerToken, clock }: ShownTraining,
  axis: LabAxis
): (characters: number) => number {
  switch (axis) {
    case 'steps':
      return (characters) => characters / charactersPerStep
    case 'tokens':
      return (characters) => characters
    case 'flops':
      return (characters) => characters * flopsPerToken
    case 'seconds':
      return (characters) => secondsAt(clock, characters)
  }
}

/** Between what was told, the time is taken to have passed evenly. */
function secondsAt(clock: ShownTraining['clock'], characters: number): number {
  let [low, high] = [0, clock.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((clock[middle]?.[0] ?? 0) < characters) low = middle + 1
    else high = middle
  }
  const [after, seconds] = clock[low] ?? [0, 0]
  const [before, earlier] = clock[low - 1] ?? [0, 0]
  if (after <= before) return seconds
  return earlier + ((seconds - earlier) * (characters - before)) / (after - before)
}
