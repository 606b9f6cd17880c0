/** A statistic of a trace, fed in stretches, because a trace may be larger than memory. */
import type { OptionalColumn, Trace } from '../trace'

/** Optional columns that a statistic can require. */
export type RouterColumn = Exclude<OptionalColumn, 'logits'>

/**
 * A statistic that is yet to be computed; any number of them share one pass over a trace (`measure`). `Otherwise` is
 * `Unavailable` for those that need what a trace may lack.
 */
export interface Statistic<Result, Otherwise extends Unavailable = never> {
  /** Begins to count, or says why that is not possible on this trace. */
  begin(pass: Pass): Accumulator<Result> | Otherwise
}

export interface Accumulator<Result> {
  /** Columns required besides the experts. */
  readonly columns?: readonly RouterColumn[]
  /** Counts a stretch. Its arrays are used again for the next one, so nothing may be kept of them. */
  add(stretch: Stretch): void
  /** Called once, after the last stretch: plain data that can be posted between threads. Long work gives way, too. */
  result(): Result | Promise<Result>
}

/** Extent of a pass over a trace. */
export interface Pass {
  readonly trace: Omit<Trace, 'rows'>
  /** The layers that are measured, as places in `trace.layers`, ascending. */
  readonly layers: readonly number[]
  /** True when the filter takes a token, as far as that is known before its experts are read. */
  readonly takes: (token: number) => boolean
}

/** The tokens and layers of a stretch that the filter takes, without gaps; nothing else is measured. */
export interface Stretch {
  /** Tokens. */
  readonly count: number
  /** Their places in the trace, ascending: `[count]` */
  readonly tokens: Uint32Array
  /**
   * Numbers that ascend over the whole pass, from 2: a token's is one more than that of the token before it exactly
   * where that one is its context, so that the two are neighbours in the same text: `[count]`.
   */
  readonly order: Uint32Array
  /** The chosen experts, best first, or `noExpert`: `[layers, count, topK]`, the layers as in `Pass.layers`. */
  readonly expertIds: Uint16Array
  /** `[layers, count, topK]`; empty unless asked for. */
  readonly expertWeights: Float32Array
  /** `[layers, count, experts]`; empty unless asked for. */
  readonly routerLogits: Float32Array
}

/** In the place of a result that cannot be computed. */
export interface Unavailable {
  /** Reason in words for the user: 'needs router logits, which this trace does not have'. */
  readonly unavailable: string
}

export function isUnavailable(result: unknown): result is Unavailable {
  return typeof result === 'object' && result !== null && 'unavailable' in result
}

/** The answer of a statistic to a trace that lacks what it needs. */
export function needs(what: string): Unavailable {
  return { unavailable: `needs ${what}, which this trace does not have` }
}
