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
  | { readonly kind: 'undetermined'; readonly low?: number; readonly high?: number; readonly reason: string }
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
  const undetermined = (reason: string, ends: { low?: number; high?: number } = {}): EffectiveParameters => ({
    kind: 'undetermined',
    ...ends,
    reason,
    basis
  })
  const points = curvePoints(family, quantity, losses)
  if (!points) return undetermined('no model was trained with several seeds, so the noise is not known')
  const [smallest, largest] = [points[0], points.at(-1)]
  if (!smallest || !largest || points.length < 2) return undetermined('the dense family has only one size')

  const loss = meanOf(losses)
  if (loss > smallest.loss + smallest.margin) return { kind: 'below', bound: basis.smallest, basis }
  if (loss < largest.loss - largest.margin) return { kind: 'above', bound: basis.largest, basis }

  const segments = segmentsOf(points)
  const low = Math.exp(smallestSize(segments, loss) ?? largest.logSize)
  const high = Math.exp(largestSize(segments, loss) ?? smallest.logSize)
  const openBelow = loss > smallest.loss - smallest.margin
  const openAbove = loss < largest.loss + largest.margin
  if (openBelow && openAbove) return undetermined('the dense sizes cannot be told apart within the noise')
  if (openBelow) return undetermined('the smallest dense size cannot be told apart from it', { high })
  if (openAbove) return undetermined('the largest dense size cannot be told apart from it', { low })
  if (segments.some((segment) => isLevelAt(segment, loss))) {
    return undetermined('dense models of this loss do not improve with size', { low, high })
  }
  if (high > widestFactor * low)
    return undetermined(`the interval spans more than a factor ${widestFactor}`, { low, high })
  const estimate = Math.exp(interpolatedSize(segments, loss) ?? largest.logSize)
  return { kind: 'interval', estimate, low, high, basis }
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

/** The isotonic curve with the margins of a model's mean loss; undefined when nothing has a second seed. */
function curvePoints({ sizes }: DenseFamily, quantity: Quantity, losses: readonly number[]) {
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
  const factor = studentQuantile(confidence, freedom) * Math.sqrt(variance)
  const counts = seeds.map((group) => group.length)
  const means = nonIncreasing(seeds.map(meanOf), counts)
  return sizes.map(({ parameters }, i) => ({
    logSize: Math.log(parameters),
    loss: means[i] ?? Number.NaN,
    margin: factor * Math.sqrt(1 / losses.length + 1 / (counts[i] ?? 1))
  }))
}

function isLevelAt({ line: [left, right], margin }: Segment, loss: number): boolean {
  return left.loss === right.loss && Math.abs(loss - left.loss) <= margin
}
