/**
 * Spearman's rank correlation, from -1 (opposite orders) to 1 (the same order): the product-moment correlation of
 * their ranks, equal values sharing the mean of the ranks they take (Spearman 1904, "The Proof and Measurement of
 * Association between Two Things"; ties after Kendall 1945). Null where there is no order, for fewer than two things
 * or when one row is constant. Throws a `RangeError` for rows of different length.
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length) throw new RangeError(`rows of ${a.length} and ${b.length} numbers cannot be compared`)
  const mean = (a.length + 1) / 2
  const [x, y] = [ranks(a), ranks(b)].map((row) => row.map((rank) => rank - mean)) as [number[], number[]]
  const product = (one: readonly number[], other: readonly number[]) =>
    one.reduce((sum, each, i) => sum + each * (other[i] ?? Number.NaN), 0)
  const squares = product(x, x) * product(y, y)
  return squares > 0 ? product(x, y) / Math.sqrt(squares) : null
}

/** Standard deviation of the rank correlation of so many things whose orders have nothing to do with each other. */
export function rankCorrelationByChance(things: number): number {
  return 1 / Math.sqrt(things - 1)
}

/** Ranks from 1 for the smallest; equal values have the mean of theirs. */
function ranks(row: readonly number[]): number[] {
  return row.map((value) => {
    const below = row.filter((each) => each < value).length
    const equal = row.filter((each) => each === value).length
    return below + (equal + 1) / 2
  })
}
