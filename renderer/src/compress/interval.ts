import { halfInterval } from '@core/evaluate/paired-losses'
import { formatChange } from '../charts/format'
import type { MeasuredPoint } from './sweeps'

/**
 * The interval of a loss increase: of one measurement the 95 % interval of the paired difference, of what was drawn several
 * times from the least to the largest. Undefined where nothing tells it.
 */
export function intervalOf({
  delta,
  standardError,
  drawn
}: Pick<MeasuredPoint, 'delta' | 'standardError' | 'drawn'>):
  | { readonly low: number; readonly high: number }
  | undefined {
  if (drawn.length > 1) return { low: Math.min(...drawn), high: Math.max(...drawn) }
  if (standardError === null) return undefined
  const half = halfInterval * standardError
  return { low: delta - half, high: delta + half }
}

/** The same beside the increase: `± 0.003`, or `+0.21 to +0.90 in 3 seeds`; empty where nothing tells it. */
export function intervalText(point: Pick<MeasuredPoint, 'delta' | 'standardError' | 'drawn'>): string {
  const interval = intervalOf(point)
  if (!interval) return ''
  const { low, high } = interval
  if (point.drawn.length > 1) return `${formatChange(low)} to ${formatChange(high)} in ${point.drawn.length} seeds`
  return `± ${((high - low) / 2).toFixed(3)}`
}
