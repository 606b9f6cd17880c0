/** Shares of right answers, and how sure they and their differences are. */

/** A 95 % confidence interval. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** A share of a sample with its interval; NaN for an empty sample. */
export interface Proportion extends Interval {
  readonly share: number
  readonly right: number
  readonly total: number
}

/** Right answers of two models to the same questions. */
export interface PairedCounts {
  readonly both: number
  readonly onlyFirst: number
  readonly onlySecond: number
  readonly neither: number
}

/** The share of the second less that of the first. */
export interface PairedDifference extends PairedCounts, Interval {
  readonly difference: number
}

/** The normal quantile of 97.5 %. */
const z = 1.959963984540054

/**
 * The share `p = right / total` with Wilson's score interval,
 * `(p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)`: it stays within 0 and 1 and has a width also
 * where all or no answers are right (Wilson 1927, "Probable Inference, the Law of Succession, and Statistical
 * Inference"; Brown, Cai and DasGupta 2001, "Interval Estimation for a Binomial Proportion").
 */
export function proportionOf(right: number, total: number): Proportion {
  const share = right / total
  const middle = share + z ** 2 / (2 * total)
  const spread = z * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2))
  const scale = 1 + z ** 2 / total
  return {
    share,
    right,
    total,
    low: Math.max(0, (middle - spread) / scale),
    high: Math.min(1, (middle + spread) / scale)
  }
}

/** Counts of two models' answers to the same questions, in the same order. Throws a `RangeError` where there are not as many. */
export function pairedCounts(first: readonly boolean[], second: readonly boolean[]): PairedCounts {
  if (first.length !== second.length) {
    throw new RangeError(`expected answers to the same questions, found ${first.length} and ${second.length}`)
  }
  const count = (a: boolean, b: boolean) => first.filter((each, i) => each === a && second[i] === b).length
  return {
    both: count(true, true),
    onlyFirst: count(true, false),
    onlySecond: count(false, true),
    neither: count(false, false)
  }
}

/**
 * The difference of two shares of the same questions, with the interval that squares and adds the distances of Wilson's
 * limits, less what the correlation of the answers takes from them; phi is corrected for continuity (Newcombe 1998,
 * "Improved confidence intervals for the difference between binomial proportions based on paired data", method 10).
 */
export function pairedDifference(counts: PairedCounts): PairedDifference {
  const { both, onlyFirst, onlySecond, neither } = counts
  const total = both + onlyFirst + onlySecond + neither
  const first = proportionOf(both + onlyFirst, total)
  const second = proportionOf(both + onlySecond, total)
  const phi = correlation(counts, total)
  const distance = (a: number, b: number) => Math.sqrt(Math.max(0, a ** 2 - 2 * phi * a * b + b ** 2))
  const difference = (onlySecond - onlyFirst) / total
  return {
    ...counts,
    difference,
    low: difference - distance(second.share - second.low, first.high - first.share),
    high: difference + distance(second.high - second.share, first.share - first.low)
  }
}

function correlation({ both, onlyFirst, onlySecond, neither }: PairedCounts, total: number): number {
  const margins = (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) * (onlyFirst + neither)
  if (margins === 0) return 0
  const product = both * neither - onlyFirst * onlySecond
  return (product > 0 ? Math.max(0, product - total / 2) : product) / Math.sqrt(margins)
}
