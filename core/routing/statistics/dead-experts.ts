import { sum } from './load'

/**
 * The experts that are dead: those that no token was sent to. With `belowShare`, also those whose load is less than
 * that share of an even one (`belowShare / E` of the assignments): 0.01 calls dead what gets less than a hundredth of
 * its part. Of T random tokens an expert gets none with probability (1 - k/E)^T. Ascending.
 */
export function deadExperts(counts: ArrayLike<number>, belowShare = 0): number[] {
  const even = sum(counts) / counts.length
  return Array.from(counts).flatMap((count, expert) => (count === 0 || count < belowShare * even ? [expert] : []))
}
