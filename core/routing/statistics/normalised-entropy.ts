import { sum } from './load'

/**
 * Shannon entropy of the load over that of an even one: -sum p log p / log E, from 0 (one expert gets all) to 1 (even;
 * random routing of many tokens). 1 for a single expert; NaN where nothing was counted.
 */
export function normalisedEntropy(counts: ArrayLike<number>): number {
  const total = sum(counts)
  if (total === 0) return Number.NaN
  if (counts.length === 1) return 1
  let entropy = 0
  for (let i = 0; i < counts.length; i++) {
    const share = (counts[i] ?? 0) / total
    if (share > 0) entropy -= share * Math.log(share)
  }
  return entropy / Math.log(counts.length)
}
