/**
 * Measured effective parameters: the size of the dense model that would reach the same loss after the same training.
 *
 * Model, with n seeds and mean loss y, against a dense family with mean losses y_i of m_i seeds at the sizes N_i:
 *
 * 1. One standard deviation s for all seeds, pooled over the family and the model; it lends its spread to sizes (or a
 *    model) with a single seed:  s^2 = sum of squared deviations from the own mean / f,  f = sum(m_i - 1) + (n - 1).
 * 2. The y_i are made non-increasing in N (isotonic regression, weights m_i) and joined by straight lines in log N.
 * 3. The estimate is the size at which this curve has the loss y.
 * 4. The interval holds all sizes that cannot be told apart from the model with 95 % confidence:
 *    |y - L(N)| <= t(f) s sqrt(1/n + 1/m), with m the fewer seeds of the two sizes around N, t Student's quantile.
 *    Its lower end further allows for a curve bent below the straight lines, as diminishing returns are.
 *
 * The seeds' noise is taken as normal and as large for every size and for the model. Nothing is extrapolated.
 */
import type { DenseFamily } from './dense-family'
import { nonIncreasing } from './isotonic'
import { interpolatedSize, largestSize, type Segment, segmentsOf, smallestSize } from './loss-curve'
import type { Quantity } from './measured-run'
import { meanOf, squaresAboutMean } from './spread'
import { studentQuantile } from './student'

/** Sizes are total parameters of dense models. */
export type EffectiveParameters = { readonly basis: Basis } & (
  | { readonly kind: 'interval'; readonly estimate: number; readonly low: number; readonly high: number }
  /** Significantly better than the largest dense model, whose size is the bound. */
  | { readonly kind: 'above'; readonly bound: number }
  /** Significantly worse than the smallest dense model, whose size is the bound. */
  | { readonly kind: 'below'; readonly bound: number }
  /** The measurement does not single out a size; the ends of the interval that are known hold all the same. */
  | {
      readonly kind: 'undetermined'
      readonly low?: number
      readonly high?: number
      readonly reason: string
      /** Runs of the model and of every dense size that would single one out if losses and spread stay as they are. */
      readonly runsNeeded?: number
    }
)

/** Basis of a figure. */
export interface Basis {
  readonly method: 'interpolated'
  readonly quantity: Quantity
  /** Convention of the dense sizes. */
  readonly convention: DenseFamily['convention']
  /** Number of dense sizes, and the ends of their range. */
  readonly sizes: number
  readonly smallest: number
  readonly largest: number
  /** Runs of the dense family, all sizes together. */
  readonly familySeeds: number
  /** Runs of the model. */
  readonly modelSeeds: number
  /** Probability that the interval holds the size. */
  readonly confidence: number
}

/** Probability that an interval holds the true size. */
export const confidence = 0.95

/** An interval whose ends are further apart than this factor is called undetermined. */
export const widestFactor = 4

/**
 * Effective parameters of a model for one quantity, from its losses in nats per character, one for each seed. Throws
 * a `RangeError` when there is no loss, when one is not a number, or when the family does not measure the quantity.
 */
export function effectiveParameters(
  family: DenseFamily,
  quantity: Quantity,
  losses: readonly number[]
): EffectiveParameters {
  if (losses.length === 0 || !losses.every(Number.isFinite)) {
    throw new RangeError(`${quantity}: expected the loss of at least one seed, found [${losses.join(', ')}]`)
  }
  const basis = basisOf(family, quantity, losses.length)
  const curve = curveOf(family, quantity, losses)
  const found = curve ? sizeOn(curve) : unknown('no model was trained with several seeds, so the noise is not known')
  const runsNeeded = curve && found.kind === 'undetermined' ? runsNeededOn(curve) : undefined
  return { ...found, ...(runsNeeded === undefined ? {} : { runsNeeded }), basis }
}

type Finding<T = EffectiveParameters> = T extends unknown ? Omit<T, 'basis'> : never

function unknown(reason: string, ends: { low?: number; high?: number } = {}): Finding {
  return { kind: 'undetermined', ...ends, reason }
}

/** Steps 3 and 4. */
function sizeOn(curve: Curve): Finding {
  const { loss } = curve
  const points = withMargins(curve)
  const [smallest, largest] = [points[0], points.at(-1)]
  if (!smallest || !largest || points.length < 2) return unknown('the dense family has only one size')
  if (loss > smallest.loss + smallest.margin) return { kind: 'below', bound: smallest.parameters }
  if (loss < largest.loss - largest.margin) return { kind: 'above', bound: largest.parameters }

  const segments = segmentsOf(points)
  const low = Math.exp(smallestSize(segments, loss) ?? largest.logSize)
  const high = Math.exp(largestSize(segments, loss) ?? smallest.logSize)
  const openBelow = loss > smallest.loss - smallest.margin
  const openAbove = loss < largest.loss + largest.margin
  if (openBelow && openAbove) return unknown('the dense sizes cannot be told apart within the noise')
  if (openBelow) return unknown('the smallest dense size cannot be told apart from it', { high })
  if (openAbove) return unknown('the largest dense size cannot be told apart from it', { low })
  if (segments.some((segment) => isLevelAt(segment, loss))) {
    return unknown('dense models of this loss do not improve with size', { low, high })
  }
  if (high > widestFactor * low) return unknown(`the interval spans more than a factor ${widestFactor}`, { low, high })
  return { kind: 'interval', estimate: Math.exp(interpolatedSize(segments, loss) ?? largest.logSize), low, high }
}

/** More runs than anyone would train. */
const mostRuns = 1024

/** The fewest runs of each that are expected to determine a size; undefined where `mostRuns` do not. */
function runsNeededOn(curve: Curve): number | undefined {
  const suffice = (runs: number) => {
    const sizes = curve.sizes.map((size) => ({ ...size, runs }))
    return sizeOn({ ...curve, sizes, runs, freedom: (sizes.length + 1) * (runs - 1) }).kind !== 'undetermined'
  }
  let [few, enough] = [1, 2]
  while (!suffice(enough)) {
    if (enough >= mostRuns) return undefined
    ;[few, enough] = [enough, 2 * enough]
  }
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2)
    if (suffice(middle)) enough = middle
    else few = middle
  }
  return enough
}

/** Basis of a figure for a quantity, for a model with so many seeds. */
export function basisOf(family: DenseFamily, quantity: Quantity, modelSeeds: number): Basis {
  const parameters = family.sizes.map((size) => size.parameters)
  return {
    method: 'interpolated',
    quantity,
    convention: family.convention,
    sizes: parameters.length,
    smallest: Math.min(...parameters),
    largest: Math.max(...parameters),
    familySeeds: family.sizes.reduce((sum, { runs }) => sum + runs.length, 0),
    modelSeeds,
    confidence
  }
}

/** Steps 1 and 2: mean losses of the dense sizes beside that of a model, and the noise of one run. */
interface Curve {
  /** By size. */
  readonly sizes: readonly { readonly parameters: number; readonly loss: number; readonly runs: number }[]
  /** The model's mean loss, and its runs. */
  readonly loss: number
  readonly runs: number
  /** Pooled standard deviation of a run, and the degrees of freedom that it is known with. */
  readonly deviation: number
  readonly freedom: number
}

/** Undefined when nothing has a second seed. */
function curveOf({ sizes }: DenseFamily, quantity: Quantity, losses: readonly number[]): Curve | undefined {
  const seeds = sizes.map(({ ids, runs }) =>
    runs.map((run) => {
      const loss = run[quantity]
      if (loss === undefined) throw new RangeError(`${ids.join(', ')}: no loss is known for '${quantity}'`)
      return loss
    })
  )
  const groups = [...seeds, losses]
  const freedom = groups.reduce((sum, group) => sum + group.length - 1, 0)
  if (freedom === 0) return undefined
  const variance = groups.reduce((sum, group) => sum + squaresAboutMean(group), 0) / freedom
  const counts = seeds.map((group) => group.length)
  const means = nonIncreasing(seeds.map(meanOf), counts)
  return {
    sizes: sizes.map(({ parameters }, i) => ({
      parameters,
      loss: means[i] ?? Number.NaN,
      runs: counts[i] ?? 1
    })),
    loss: meanOf(losses),
    runs: losses.length,
    deviation: Math.sqrt(variance),
    freedom
  }
}

function withMargins({ sizes, runs: own, deviation, freedom }: Curve) {
  const factor = studentQuantile(confidence, freedom) * deviation
  return sizes.map(({ parameters, loss, runs }) => ({
    parameters,
    logSize: Math.log(parameters),
    loss,
    margin: factor * Math.sqrt(1 / own + 1 / runs)
  }))
}

function isLevelAt({ line: [left, right], margin }: Segment, loss: number): boolean {
  return left.loss === right.loss && Math.abs(loss - left.loss) <= margin
}
