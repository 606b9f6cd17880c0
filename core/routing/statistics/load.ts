/**
 * Share of a layer's assignments that each expert got: counts / their sum. Random routing gives 1/E each. NaN where
 * nothing was counted.
 */
export function load(counts: ArrayLike<number>): Float64Array {
  const total = sum(counts)
  return Float64Array.from(counts, (count) => count / total)
}

/** The sum of counts. */
export function sum(counts: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < counts.length; i++) total += counts[i] ?? 0
  return total
}
