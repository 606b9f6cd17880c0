/**
 * The best size for a compute budget, from trainings that spent it at several sizes: the bottom of a parabola through the
 * losses over the logarithm of the size (Hoffmann et al. 2022, "Training Compute-Optimal Large Language Models", section
 * 3.2, approach 2).
 */

/** The outcome of a training on a budget. */
export interface BudgetPoint {
  readonly parameters: number
  /** Validation loss, in nats per token. */
  readonly loss: number
}

export interface BestSize {
  readonly parameters: number
  /** Of the parabola there. */
  readonly loss: number
  /** The parabola is `loss + bend * ln(N / parameters)^2`. */
  readonly bend: number
  /** Root of the mean squared difference of the losses from the parabola. */
  readonly error: number
}

/**
 * The best size. Undefined for fewer than three sizes, and where the parabola has its bottom beside the sizes or none:
 * then the budget's best size was not among those tried.
 */
export function bestSize(points: readonly BudgetPoint[]): BestSize | undefined {
  const sizes = points.map(({ parameters }) => Math.log(parameters))
  if (new Set(sizes).size < 3) return undefined
  const middle = sizes.reduce((sum, each) => sum + each, 0) / sizes.length
  const moments = [0, 1, 2, 3, 4].map((power) => sizes.reduce((sum, x) => sum + (x - middle) ** power, 0))
  const targets = [0, 1, 2].map((power) =>
    points.reduce((sum, { loss }, i) => sum + loss * ((sizes[i] ?? 0) - middle) ** power, 0)
  )
  const [m0 = 0, , m2 = 0, m3 = 0, m4 = 0] = moments
  const [t0 = 0, t1 = 0, t2 = 0] = targets
  // Normal equations of c + b x + a x^2; the first moment about the mean is 0.
  const determinant = m0 * (m2 * m4 - m3 * m3) - m2 ** 3
  const a = (m0 * (m2 * t2 - m3 * t1) - m2 * m2 * t0) / determinant
  const b = (t1 - m3 * a) / m2
  const c = (t0 - m2 * a) / m0
  const bottom = -b / (2 * a)
  const [smallest, largest] = [Math.min(...sizes) - middle, Math.max(...sizes) - middle]
  if (!(a > 0) || bottom < smallest || bottom > largest) return undefined
  const squares = points.reduce((sum, { loss }, i) => {
    const x = (sizes[i] ?? 0) - middle
    return sum + (loss - c - b * x - a * x * x) ** 2
  }, 0)
  return {
    parameters: Math.exp(middle + bottom),
    loss: c - b ** 2 / (4 * a),
    bend: a,
    error: Math.sqrt(squares / points.length)
  }
}
