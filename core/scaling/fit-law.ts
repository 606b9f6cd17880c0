/**
 * A law of one's own, L(N, D) = E + A / N^alpha + B / D^beta, fitted to trainings on one corpus (the form of Hoffmann et
 * al. 2022, "Training Compute-Optimal Large Language Models", approach 3).
 *
 * Least squares of the losses' relative errors, which for small ones are the errors of their logarithms. For given
 * exponents E, A and B are linear, and found exactly; the exponents are searched for. E is the entropy of the corpus
 * where that is known, and else fitted too.
 */
import { createRandom } from '../random'
import { confidence } from './effective'
import type { ChinchillaFit } from './laws/chinchilla'

/** The outcome of a training. */
export interface TrainedPoint {
  /** N, however they are counted, but alike for all. */
  readonly parameters: number
  /** D, characters or tokens read. */
  readonly tokens: number
  /** Validation loss, in nats per token. */
  readonly loss: number
}

export interface Interval {
  readonly low: number
  readonly high: number
}

export interface FittedLaw {
  readonly fit: ChinchillaFit
  /** True where E is the entropy of the corpus. */
  readonly floorKnown: boolean
  /** By bootstrap over the trainings, each constant on its own, with this confidence. */
  readonly intervals: Readonly<Record<keyof ChinchillaFit, Interval>>
  readonly confidence: number
  /** N of the smallest loss for a compute grows with its power `beta / (alpha + beta)` (Hoffmann et al., equation 4). */
  readonly sizeExponent: number
  readonly sizeExponentInterval: Interval
  /** Root of the mean squared relative error. */
  readonly error: number
  readonly points: readonly TrainedPoint[]
}

/** A law needs more trainings than it has constants, of several sizes and of several lengths. */
const fewest = 6

/** Range of the search for exponents. */
const [smallestExponent, largestExponent] = [0.02, 2]

/**
 * Fits the law. Throws a `RangeError`, saying what is missing, for fewer than six trainings, for fewer than three sizes
 * or lengths, and where no exponents within 0.02 to 2 describe the losses.
 *
 * @param floor E, the entropy of the corpus; undefined where it is not known
 * @param resamples of the bootstrap
 */
export function fitLaw(points: readonly TrainedPoint[], floor?: number, resamples = 300): FittedLaw {
  requireVariety(points)
  const best = bestExponents(points, floor, wholeSearch)
  if (!best) throw new RangeError('no law of the form E + A/N^alpha + B/D^beta describes these losses')
  const random = createRandom(1, 'scaling/fit-law')
  const around = { ...best, reach: Math.LN2, narrowings: 6 }
  const resampled = Array.from({ length: resamples }, () => {
    const drawn = points.map(() => points[random.integer(points.length)] as TrainedPoint)
    return bestExponents(drawn, floor, around)
  })
  const fit = constantsOf(best)
  const fits = resampled.filter((each) => each !== undefined).map(constantsOf)
  const interval = (of: (fit: ChinchillaFit) => number) => quantiles(fits.map(of))
  const sizeExponent = ({ alpha, beta }: ChinchillaFit) => beta / (alpha + beta)
  return {
    fit,
    floorKnown: floor !== undefined,
    intervals: {
      E: interval(({ E }) => E),
      A: interval(({ A }) => A),
      B: interval(({ B }) => B),
      alpha: interval(({ alpha }) => alpha),
      beta: interval(({ beta }) => beta)
    },
    confidence,
    sizeExponent: sizeExponent(fit),
    sizeExponentInterval: interval(sizeExponent),
    error: Math.sqrt(best.squares / points.length),
    points
  }
}

function requireVariety(points: readonly TrainedPoint[]): void {
  const different = (of: (point: TrainedPoint) => number) => new Set(points.map(of)).size
  const [sizes, lengths] = [different(({ parameters }) => parameters), different(({ tokens }) => tokens)]
  if (points.length >= fewest && sizes >= 3 && lengths >= 3) return
  throw new RangeError(
    `a law needs at least ${fewest} trainings, of three sizes and three lengths: found ${points.length}, of ` +
      `${sizes} and ${lengths}`
  )
}

/** Logarithmic ranges of both exponents, and how often they are narrowed about the best. */
interface Search {
  readonly alpha: number
  readonly beta: number
  /** To either side, of the logarithms. */
  readonly reach: number
  readonly narrowings: number
}

const wholeSearch: Search = {
  alpha: Math.sqrt(smallestExponent * largestExponent),
  beta: Math.sqrt(smallestExponent * largestExponent),
  reach: Math.log(largestExponent / smallestExponent) / 2,
  narrowings: 16
}

/** A fit in the units of its solution: terms are 1 at a training in the midst of all. */
interface ScaledFit {
  readonly alpha: number
  readonly beta: number
  readonly E: number
  /** A / N^alpha and B / D^beta at the middle. */
  readonly ofSize: number
  readonly ofLength: number
  readonly middle: { readonly parameters: number; readonly tokens: number }
  readonly squares: number
}

function constantsOf({ alpha, beta, E, ofSize, ofLength, middle }: ScaledFit): ChinchillaFit {
  return { E, A: ofSize * middle.parameters ** alpha, B: ofLength * middle.tokens ** beta, alpha, beta }
}

/** The exponents of least squares: the best of a grid, then of ever finer ones about the best. */
function bestExponents(
  points: readonly TrainedPoint[],
  floor: number | undefined,
  { alpha, beta, reach, narrowings }: Search
): ScaledFit | undefined {
  const middle = { parameters: geometricMean(points, 'parameters'), tokens: geometricMean(points, 'tokens') }
  const inverses = Float64Array.from(points, ({ loss }) => 1 / loss)
  const steps = 8
  let best: ScaledFit | undefined
  let width = reach
  for (let narrowing = 0; narrowing < narrowings; narrowing++) {
    const about = (exponent: number) =>
      Array.from({ length: steps + 1 }, (_, i) => exponent * Math.exp(width * ((2 * i) / steps - 1)))
    const lengths = about(best?.beta ?? beta).map((exponent) => terms(points, 'tokens', middle, exponent))
    for (const size of about(best?.alpha ?? alpha).map((exponent) => terms(points, 'parameters', middle, exponent))) {
      for (const length of lengths) {
        const found = linearFit(points, size, length, inverses, floor)
        if (found && (!best || found.squares < best.squares)) {
          best = { ...found, alpha: size.exponent, beta: length.exponent, middle }
        }
      }
    }
    if (!best) return undefined
    width /= 2.5
  }
  return best
}

function geometricMean(points: readonly TrainedPoint[], of: 'parameters' | 'tokens'): number {
  return Math.exp(points.reduce((sum, point) => sum + Math.log(point[of]), 0) / points.length)
}

/** A term of the law for each training, over its loss. */
interface Terms {
  readonly exponent: number
  readonly values: Float64Array
}

function terms(
  points: readonly TrainedPoint[],
  of: 'parameters' | 'tokens',
  middle: ScaledFit['middle'],
  exponent: number
): Terms {
  return { exponent, values: Float64Array.from(points, (point) => (point[of] / middle[of]) ** -exponent / point.loss) }
}

/** E and both terms of least squares for given exponents; undefined where one of them would be negative. */
function linearFit(
  points: readonly TrainedPoint[],
  { values: sizes }: Terms,
  { values: lengths }: Terms,
  inverses: Float64Array,
  floor: number | undefined
): Pick<ScaledFit, 'E' | 'ofSize' | 'ofLength' | 'squares'> | undefined {
  // Normal equations of the columns size, length and, where E is fitted, 1 / loss.
  let [xx, xy, yy, xz, yz, zz, xt, yt, zt] = [0, 0, 0, 0, 0, 0, 0, 0, 0]
  for (let i = 0; i < points.length; i++) {
    const x = sizes[i] ?? 0
    const y = lengths[i] ?? 0
    const z = inverses[i] ?? 0
    const target = floor === undefined ? 1 : 1 - floor * z
    xx += x * x
    xy += x * y
    yy += y * y
    xz += x * z
    yz += y * z
    zz += z * z
    xt += x * target
    yt += y * target
    zt += z * target
  }
  const solved =
    floor === undefined
      ? solve([xx, xy, xz, xt], [xy, yy, yz, yt], [xz, yz, zz, zt])
      : solve([xx, xy, 0, xt], [xy, yy, 0, yt], [0, 0, 1, floor])
  if (!solved) return undefined
  const [ofSize, ofLength, fitted] = solved
  const E = floor ?? fitted
  if (!(ofSize > 0 && ofLength > 0 && E >= 0)) return undefined
  let squares = 0
  for (let i = 0; i < points.length; i++) {
    const error = E * (inverses[i] ?? 0) + ofSize * (sizes[i] ?? 0) + ofLength * (lengths[i] ?? 0) - 1
    squares += error * error
  }
  return { E, ofSize, ofLength, squares }
}

type Equation = readonly [number, number, number, number]

/** Three unknowns by Cramer's rule; undefined where the equations depend on each other. */
function solve(...equations: readonly [Equation, Equation, Equation]): [number, number, number] | undefined {
  const column = (i: number) => equations.map((each) => each[i] ?? 0)
  const [a, b, c, target] = [column(0), column(1), column(2), column(3)]
  const whole = determinant(a, b, c)
  if (Math.abs(whole) < 1e-14 * Math.abs((a[0] ?? 0) * (b[1] ?? 0) * (c[2] ?? 0))) return undefined
  return [determinant(target, b, c) / whole, determinant(a, target, c) / whole, determinant(a, b, target) / whole]
}

function determinant(
  [a0 = 0, a1 = 0, a2 = 0]: readonly number[],
  [b0 = 0, b1 = 0, b2 = 0]: readonly number[],
  [c0 = 0, c1 = 0, c2 = 0]: readonly number[]
): number {
  return a0 * (b1 * c2 - b2 * c1) - b0 * (a1 * c2 - a2 * c1) + c0 * (a1 * b2 - a2 * b1)
}

function quantiles(values: readonly number[]): Interval {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) }
}
