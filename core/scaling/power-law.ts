/**
 * A power law through the measured dense family: L(N) = floor + A / N^alpha, where the floor is the exact entropy of
 * the corpus, so that two constants are left to fit.
 *
 * Weighted least squares on the mean losses of the sizes (weights: seeds), for noise that is equal for all runs. For a
 * given alpha the best A is a quotient of sums; alpha is found by searching the line. The band holds the mean loss of a
 * size with 95 % confidence, by the delta method: t(f) sqrt(g' C g), with g the gradient of L in (A, alpha), C the
 * covariance s^2 (J'J)^-1, s^2 the weighted squares about the curve over f = sizes - 2. Taken about the curve rather
 * than about the means, it widens where the family is no power law. Nothing is said outside the measured sizes.
 */
import type { DenseFamily } from './dense-family'
import { confidence } from './effective'
import type { Quantity } from './measured-run'
import { meanOf } from './spread'
import { studentQuantile } from './student'

export type PowerLawFit =
  | ({ readonly kind: 'fit' } & FittedPowerLaw)
  /** The measurements do not single out a curve. */
  | { readonly kind: 'undetermined'; readonly reason: string }

/** A fitted curve; plain data. Losses in nats per character, sizes in total parameters. */
export interface FittedPowerLaw {
  readonly quantity: Quantity
  /** Known, not fitted. */
  readonly floor: number
  /** A. */
  readonly scale: number
  /** alpha, with its standard error. */
  readonly exponent: number
  readonly exponentError: number
  /** Standard deviation of one run about the curve, and its degrees of freedom. */
  readonly deviation: number
  readonly freedom: number
  /** Probability that the band at one size holds the mean loss of that size. */
  readonly confidence: number
  /** The ends of what was measured. */
  readonly smallest: number
  readonly largest: number
  readonly points: readonly MeasuredSize[]
  /** Covariance of ln A0 and alpha, where A0 = A / `pivot`^alpha is the height above the floor at `pivot`. */
  readonly covariance: { readonly height: number; readonly both: number; readonly exponent: number }
  readonly pivot: number
}

/** The mean loss of a size, and over how many seeds. */
export interface MeasuredSize {
  readonly parameters: number
  readonly loss: number
  readonly seeds: number
}

/** The curve at a size; `outside` the measured sizes nothing is claimed. */
export type CurveValue =
  | { readonly kind: 'inside'; readonly loss: number; readonly low: number; readonly high: number }
  | { readonly kind: 'outside' }

/**
 * Fits the curve to a quantity of the family, whose floor is known, in nats per character. Throws a `RangeError` when
 * the family does not measure the quantity.
 */
export function fitPowerLaw(family: DenseFamily, quantity: Quantity, floor: number): PowerLawFit {
  const points = family.sizes.map(({ ids, parameters, runs }): MeasuredSize => {
    const losses = runs.map((run) => {
      const loss = run[quantity]
      if (loss === undefined) throw new RangeError(`${ids.join(', ')}: no loss is known for '${quantity}'`)
      return loss
    })
    return { parameters, loss: meanOf(losses), seeds: losses.length }
  })
  const [smallest, largest] = [points[0], points.at(-1)]
  if (!smallest || !largest || points.length < 3) {
    return { kind: 'undetermined', reason: 'a curve with a margin needs at least three dense sizes' }
  }
  const pivot = Math.sqrt(smallest.parameters * largest.parameters)
  const rows = points.map(({ parameters, loss, seeds }) => ({
    logSize: Math.log(parameters / pivot),
    excess: loss - floor,
    weight: seeds
  }))
  const exponent = bestExponent(rows)
  const height = bestHeight(rows, exponent)
  if (!(height > 0)) return { kind: 'undetermined', reason: 'the losses do not lie above the floor' }
  if (exponent < smallestExponent * 1.01 || exponent > largestExponent * 0.99) {
    return { kind: 'undetermined', reason: 'no power of the size describes the losses' }
  }
  const freedom = points.length - 2
  const variance = squaresAbout(rows, exponent) / freedom
  const covariance = covarianceOf(rows, height, exponent, variance)
  return {
    kind: 'fit',
    quantity,
    floor,
    scale: height * pivot ** exponent,
    exponent,
    exponentError: Math.sqrt(covariance.exponent),
    deviation: Math.sqrt(variance),
    freedom,
    confidence,
    smallest: smallest.parameters,
    largest: largest.parameters,
    points,
    covariance,
    pivot
  }
}

/** The curve with its band at a size in total parameters. */
export function powerLawAt(fit: FittedPowerLaw, parameters: number): CurveValue {
  if (!(parameters >= fit.smallest && parameters <= fit.largest)) return { kind: 'outside' }
  const { covariance, floor, scale, exponent } = fit
  const excess = scale / parameters ** exponent
  const logSize = Math.log(parameters / fit.pivot)
  const relative = covariance.height - 2 * logSize * covariance.both + logSize ** 2 * covariance.exponent
  const margin = studentQuantile(fit.confidence, fit.freedom) * excess * Math.sqrt(Math.max(0, relative))
  return {
    kind: 'inside',
    loss: floor + excess,
    low: Math.max(floor, floor + excess - margin),
    high: floor + excess + margin
  }
}

interface Row {
  readonly logSize: number
  readonly excess: number
  readonly weight: number
}

/** Range of the search for exponents; one at an end stands for a curve that is level or a step. */
const [smallestExponent, largestExponent] = [0.001, 10]

/** The exponent of least squares: the best of a grid, then narrowed by golden section. */
function bestExponent(rows: readonly Row[]): number {
  const steps = 200
  const at = (step: number) => smallestExponent * (largestExponent / smallestExponent) ** (step / steps)
  const squares = Array.from({ length: steps + 1 }, (_, step) => squaresAbout(rows, at(step)))
  const best = squares.indexOf(Math.min(...squares))
  let [low, high] = [at(Math.max(0, best - 1)), at(Math.min(steps, best + 1))]
  const golden = (Math.sqrt(5) - 1) / 2
  for (let narrowing = 0; narrowing < 80; narrowing++) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)]
    if (squaresAbout(rows, left) < squaresAbout(rows, right)) high = right
    else low = left
  }
  return (low + high) / 2
}

function bestHeight(rows: readonly Row[], exponent: number): number {
  let [cross, square] = [0, 0]
  for (const { logSize, excess, weight } of rows) {
    const factor = Math.exp(-exponent * logSize)
    cross += weight * factor * excess
    square += weight * factor ** 2
  }
  return cross / square
}

function squaresAbout(rows: readonly Row[], exponent: number): number {
  const height = bestHeight(rows, exponent)
  return rows.reduce(
    (sum, { logSize, excess, weight }) => sum + weight * (excess - height * Math.exp(-exponent * logSize)) ** 2,
    0
  )
}

/** s^2 (J'WJ)^-1 for the logarithm of the height and the exponent: J = excess of the curve x (1, -logSize). */
function covarianceOf(rows: readonly Row[], height: number, exponent: number, variance: number) {
  let [ones, logs, squares] = [0, 0, 0]
  for (const { logSize, weight } of rows) {
    const weighted = weight * (height * Math.exp(-exponent * logSize)) ** 2
    ones += weighted
    logs -= weighted * logSize
    squares += weighted * logSize ** 2
  }
  const determinant = ones * squares - logs ** 2
  return {
    height: (variance * squares) / determinant,
    both: (-variance * logs) / determinant,
    exponent: (variance * ones) / determinant
  }
}
