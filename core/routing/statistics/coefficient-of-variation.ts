import { sum } from './load'

/**
 * Standard deviation of the experts' counts over their mean, of the population: sqrt(mean((n - mean n)^2)) / mean n.
 * 0 when the load is even. Its square is the importance and load loss of Shazeer et al. 2017 (equations 7 and 11).
 * Random routing of T tokens gives about `sqrt((E - k) / (k T))` (`randomVariation`). NaN where nothing was counted.
 */
export function coefficientOfVariation(counts: ArrayLike<number>): number {
  const mean = sum(counts) / counts.length
  let squares = 0
  for (let i = 0; i < counts.length; i++) squares += ((counts[i] ?? 0) - mean) ** 2
  return Math.sqrt(squares / counts.length) / mean
}
