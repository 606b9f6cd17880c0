/**
 * A published scaling law: a formula with the constants of its paper, its inputs and outputs, and the region
 * in which it was fitted. Outside that region it is an extrapolation, and whoever shows it says so.
 *
 * Losses are in nats per token of the paper's own text and tokenizer: they compare within a law, never between two.
 */

/** `seen`: read in the named source; `secondary`: quoted elsewhere; `folklore`: a rule of thumb without a fit. */
export type Provenance = 'seen' | 'secondary' | 'folklore'

/** Inputs of a law; unknown ones are left out. */
export interface LawPoint {
  /** Parameters, counted as the law counts them (`Law.counts`). */
  readonly parameters?: number
  /** Parameters that one token touches. */
  readonly active?: number
  /** Tokens trained on, repeated ones counted each time. */
  readonly tokens?: number
  /** Different tokens among them. */
  readonly uniqueTokens?: number
  /** Tokens that the model will read and write after its training. */
  readonly inferenceTokens?: number
  /** FLOPs of training, in place of parameters and tokens: asks for the best of both. */
  readonly flops?: number
  /** A loss to be reached, in nats per token. */
  readonly loss?: number
  /** Experts of an MoE layer. */
  readonly experts?: number
  /** Width of a dense feed-forward layer over the width of one expert. */
  readonly granularity?: number
  /** Bits of weights, activations and KV cache during training. */
  readonly weightBits?: number
  readonly activationBits?: number
  readonly cacheBits?: number
}

export type LawInput = keyof LawPoint

/** Outputs of a law at a point; each law gives those of its formula. */
export interface LawFigures {
  /** Nats per token. */
  readonly loss?: number
  /** Size of the model without experts, repetition or rounding that would be as good. */
  readonly effectiveParameters?: number
  /** Tokens that would do as much if none were repeated. */
  readonly effectiveTokens?: number
  /** The sizes that the law recommends. */
  readonly optimalParameters?: number
  readonly optimalTokens?: number
  /** Optimal tokens over optimal parameters. */
  readonly tokensPerParameter?: number
  /** FLOPs of training and inference together, at the point and at the optimum. */
  readonly lifetimeFlops?: number
  readonly optimalLifetimeFlops?: number
  /** Parameters above which the paper says that its form of routing no longer helps. */
  readonly publishedCutoff?: number
}

export type LawFigure = keyof LawFigures

/** Values that were covered by the runs of a fit; an end that is not known is null. */
export interface FittedRange {
  readonly low: number | null
  readonly high: number | null
}

/** Region of a law's fit. */
export interface Region {
  /**
   * Of every input that was varied in the fit, known or not; what only enters a sum (such as inference) is not there.
   */
  readonly ranges: Partial<Readonly<Record<LawInput, FittedRange>>>
  /** Source of the ranges, or that they are not known. */
  readonly source: string
}

/** Position of a point relative to a law's fit; `unknown` when the known part of the region does not decide it. */
export type Within = 'inside' | 'outside' | 'unknown'

export interface Law {
  /** Short and lasting: terminal, links and files name a law by it. */
  readonly id: string
  readonly name: string
  readonly formula: string
  /** Paper, with its equation, table or page. */
  readonly source: string
  readonly provenance: Provenance
  /** Caveat, shown with every figure. */
  readonly note?: string
  /** True when its constants are published rounded, and its figures no better. */
  readonly approximate: boolean
  /** Its definition of `parameters`. */
  readonly counts: string
  /** Sets of inputs, each of which is enough for some figures. */
  readonly takes: readonly (readonly LawInput[])[]
  readonly gives: readonly LawFigure[]
  readonly region: Region
  within(point: LawPoint): Within
  /**
   * All figures that the inputs allow. Throws a `RangeError` when they are not enough for any, when one of those that
   * the law takes is not a positive number, or when FLOPs are given beside the parameters or tokens that they stand
   * for.
   */
  figures(point: LawPoint): LawFigures
}

/** A law of its parts: `compute` gets positive numbers and at least one of the sets of inputs in `takes`. */
export function defineLaw(law: Omit<Law, 'within' | 'figures'> & { compute(point: LawPoint): LawFigures }): Law {
  const { compute, ...rest } = law
  const inputs = new Set(law.takes.flat())
  return {
    ...rest,
    within: (point) => withinRegion(law.region, point),
    figures: (point) => {
      checkPoint(law, point, inputs)
      return compute(point)
    }
  }
}

/** True when a point has every input of one of a law's sets. */
export function takesPoint({ takes }: Pick<Law, 'takes'>, point: LawPoint): boolean {
  return takes.some((inputs) => inputs.every((input) => point[input] !== undefined))
}

function withinRegion({ ranges }: Region, point: LawPoint): Within {
  const asked = (Object.keys(ranges) as LawInput[]).flatMap((input) => {
    const [value, range] = [point[input], ranges[input]]
    return value !== undefined && range ? [{ value, ...range }] : []
  })
  if (asked.some(({ value, low, high }) => (low !== null && value < low) || (high !== null && value > high))) {
    return 'outside'
  }
  return asked.length > 0 && asked.every(({ low, high }) => low !== null && high !== null) ? 'inside' : 'unknown'
}

function checkPoint(law: Pick<Law, 'id' | 'takes'>, point: LawPoint, inputs: ReadonlySet<LawInput>): void {
  for (const input of inputs) {
    const value = point[input]
    if (value !== undefined && !(value > 0 && Number.isFinite(value))) {
      throw new RangeError(`${law.id}: expected a positive number of ${input}, found ${value}`)
    }
  }
  if (inputs.has('flops') && point.flops !== undefined && (point.parameters ?? point.tokens) !== undefined) {
    throw new RangeError(`${law.id}: expected flops, or parameters and tokens; found flops beside one of them`)
  }
  if (takesPoint(law, point)) return
  const expected = law.takes.map((set) => set.join(' and ')).join(', or ')
  const found = [...inputs].filter((input) => point[input] !== undefined).join(', ')
  throw new RangeError(`${law.id}: expected ${expected}; found ${found || 'none of them'}`)
}
