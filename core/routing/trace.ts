/**
 * Decisions of the routers of a model on a text, token by token. Arrays are flat, row-major. What belongs to a token is
 * in memory; what belongs to a token and a layer is read in stretches, because it may be larger than memory.
 */
export interface Trace extends TraceFacts {
  readonly kind: 'trace'
  readonly tokenCount: number
  /** Columns that `rows` can read besides the experts. */
  readonly has: ReadonlySet<OptionalColumn>
  /**
   * Decisions on tokens `from` to `to` (exclusive), with the optional columns that are asked for and present.
   * Rejects with a `FormatError` when the file is damaged there, and a reason of the system when it cannot be read.
   */
  rows(from: number, to: number, columns?: readonly OptionalColumn[]): Promise<RoutingRows>
}

/** Columns that a trace may lack; in bytes they are most of a trace that has them. */
export type OptionalColumn = 'expertWeights' | 'routerLogits' | 'logits'

export interface TraceFacts {
  /** The model's name, and where text and decisions come from; both in words, may be empty. */
  readonly model: string
  readonly source: string
  /** Place of each MoE layer among all layers of the model: `[layers]`. */
  readonly layers: readonly number[]
  /** Experts of each MoE layer. */
  readonly experts: number
  /** Experts that a token is sent to. */
  readonly topK: number
  /** `[tokens]` */
  readonly tokenIds: Int32Array | undefined
  /** The text of each token: `[tokens]`. */
  readonly tokens: readonly string[] | undefined
  /** Names of the domains that `domainIds` counts; empty where none are known. */
  readonly domains: readonly string[]
  /** `[tokens]` */
  readonly domainIds: Uint8Array | undefined
  /**
   * The tokens that begin a text of their own (a document, a request, a row of a batch), ascending, the first 0: the
   * token before such a one is not its context. Empty for a trace without tokens.
   */
  readonly sequenceStarts: Uint32Array
  /** Assumptions of the trace's reader, in sentences for the user. */
  readonly notes: readonly string[]
}

/** A stretch of a trace. */
export interface RoutingRows {
  readonly from: number
  readonly to: number
  /** The chosen experts, best first, or `noExpert`: `[tokens, layers, topK]`. */
  readonly expertIds: Uint16Array
  /** Weights of their outputs: `[tokens, layers, topK]`. */
  readonly expertWeights?: Float32Array | undefined
  /** `[tokens, layers, experts]` */
  readonly routerLogits?: Float32Array | undefined
  /** Logits of the model after each token: `[tokens, vocabulary]`. */
  readonly logits?: Float32Array | undefined
}

/** Counts of each expert without tokens, as some recorders keep them. */
export interface RoutingCounts {
  readonly kind: 'counts'
  readonly model: string
  readonly source: string
  /** As in `Trace`. */
  readonly layers: readonly number[]
  readonly experts: number
  /** Undefined where it is not known. */
  readonly topK: number | undefined
  /** Stretches of time that were counted apart; at least 1. */
  readonly steps: number
  /** `[steps, layers, experts]` */
  readonly counts: Float64Array
  readonly notes: readonly string[]
}

/** In `RoutingRows.expertIds`: no expert, because the token was dropped or not routed in this layer. */
export const noExpert = 65_535

/** All of a trace, in memory. */
export interface TraceColumns extends TraceFacts, Omit<RoutingRows, 'from' | 'to'> {}

/** A trace over columns in memory; rows are views of them. Throws a `RangeError` when their sizes contradict. */
export function memoryTrace(columns: TraceColumns): Trace {
  const { expertIds, expertWeights, routerLogits, logits, ...facts } = columns
  const perToken = facts.layers.length * facts.topK
  // Of a dense model there are tokens and no experts.
  const tokenCount = columns.tokenIds?.length ?? expertIds.length / perToken
  const sizes = {
    expertIds: perToken,
    tokenIds: 1,
    tokens: 1,
    domainIds: 1,
    expertWeights: perToken,
    routerLogits: facts.layers.length * facts.experts
  }
  for (const [name, size] of Object.entries(sizes)) {
    const length = columns[name as keyof typeof sizes]?.length ?? size * tokenCount
    if (length !== size * tokenCount || !Number.isInteger(tokenCount)) {
      throw new RangeError(`trace: ${name} has ${length} values, but ${tokenCount} tokens call for ${size} each`)
    }
  }
  const optional = { expertWeights, routerLogits, logits }
  return {
    ...facts,
    kind: 'trace',
    tokenCount,
    has: new Set((Object.keys(optional) as OptionalColumn[]).filter((name) => optional[name])),
    rows: async (from, to, asked = []) => {
      const rows = <T extends Float32Array | Uint16Array>(column: T) => {
        const size = tokenCount > 0 ? column.length / tokenCount : 0
        return column.subarray(from * size, to * size) as T
      }
      const found = asked.flatMap((name) => {
        const column = optional[name]
        return column ? [[name, rows(column)] as const] : []
      })
      return { from, to, expertIds: rows(expertIds), ...Object.fromEntries(found) }
    }
  }
}

/** All of a trace, read into memory: for traces that are known to be small. */
export async function traceColumns(trace: Trace): Promise<TraceColumns> {
  const { kind: _kind, tokenCount, has, rows, ...facts } = trace
  const { from: _from, to: _to, ...columns } = await rows(0, tokenCount, [...has])
  return { ...facts, ...columns }
}
