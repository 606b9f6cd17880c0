import { sum } from './load'

/**
 * By how much the busiest expert exceeds the mean: (max n - mean n) / mean n (MaxVio; Wang et al. 2024,
 * "Auxiliary-Loss-Free Load Balancing Strategy for Mixture-of-Experts", section 4.1). 0 when the load is even, E - 1
 * when one expert gets all; near 0 for random routing of many tokens. NaN where nothing was counted.
 */
export function maxViolation(counts: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < counts.length; i++) most = Math.max(most, counts[i] ?? 0)
  const mean = sum(counts) / counts.length
  return (most - mean) / mean
}
