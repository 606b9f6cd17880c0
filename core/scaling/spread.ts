/** Mean over seeds and their spread. */
export interface Spread {
  readonly mean: number
  /** Sample standard deviation (divided by n - 1); null for one seed, whose spread is not known. */
  readonly deviation: number | null
  readonly seeds: number
}

/** Mean and standard deviation of one value for each seed, at least one. */
export function spreadOf(values: readonly number[]): Spread {
  const seeds = values.length
  const deviation = seeds > 1 ? Math.sqrt(squaresAboutMean(values) / (seeds - 1)) : null
  return { mean: meanOf(values), deviation, seeds }
}

/** Sum of squared differences from the mean. */
export function squaresAboutMean(values: readonly number[]): number {
  const mean = meanOf(values)
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
}

/** Arithmetic mean of at least one value. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
