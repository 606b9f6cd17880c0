/**
 * A list whose items are picked with Zipf-like frequency: p(rank) is proportional to 1 / (rank + 10), rank from 0.
 * The offset flattens the head, so that the first item does not dominate, and the long tail is what tests memory.
 */
export interface Ranked<T> {
  readonly items: readonly T[]
  /** Probability of each item; they sum to 1. */
  readonly probabilities: Float64Array
  /** Running sum of the probabilities; the last is 1. */
  readonly cumulative: Float64Array
}

/** Ranks items in the order given, most frequent first. Throws when there are none. */
export function rank<T>(items: readonly T[]): Ranked<T> {
  if (items.length === 0) throw new Error('A ranked list needs at least one item, found none')
  const weights = Float64Array.from(items, (_, index) => 1 / (index + 10))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const probabilities = weights.map((weight) => weight / total)
  let sum = 0
  const cumulative = probabilities.map((probability) => (sum += probability))
  cumulative[items.length - 1] = 1
  return { items, probabilities, cumulative }
}

/** Entropy of one pick, in nats. */
export function rankedEntropy(ranked: Ranked<unknown>): number {
  return ranked.probabilities.reduce((sum, probability) => sum - probability * Math.log(probability), 0)
}

/** Expected value of a measure of the picked item. */
export function rankedMean<T>(ranked: Ranked<T>, measure: (item: T) => number): number {
  return ranked.items.reduce((sum, item, index) => sum + (ranked.probabilities[index] ?? 0) * measure(item), 0)
}
