import { memoryTrace, noExpert, type RoutingRows, type Trace, type TraceFacts } from './trace'

/** Decision of one router for one token. */
export interface Decision {
  /** The chosen experts, best first, and the weights of their outputs. */
  readonly experts: readonly number[]
  readonly gates: ArrayLike<number>
  /** `[experts]` */
  readonly logits: ArrayLike<number>
  /** Which of the chosen experts had no room for the token: they are recorded as none. */
  readonly dropped: readonly number[]
}

export interface RecorderOptions
  extends Pick<
    TraceFacts,
    'model' | 'source' | 'layers' | 'experts' | 'topK' | 'tokens' | 'domains' | 'domainIds' | 'sequenceStarts'
  > {
  readonly tokenIds: Int32Array
  /** Whose logits to keep; they take far more room than the decisions. */
  readonly logits: 'none' | 'routers' | 'all'
  /** Tokens that the model knows. */
  readonly vocabularySize: number
}

/** Fills a trace, token by token in any order. */
export interface TraceRecorder {
  /**
   * @param token its place in the text
   * @param decisions one for each MoE layer
   * @param logits what the model expects next: `[vocabulary]`
   */
  record(token: number, decisions: readonly Decision[], logits: ArrayLike<number>): void
  /** Takes a stretch of the same recording from an earlier one. Throws a `RangeError` for one of another shape. */
  restore(rows: RoutingRows): void
  readonly trace: Trace
}

export function createTraceRecorder({ logits, vocabularySize, ...options }: RecorderOptions): TraceRecorder {
  const count = options.tokenIds.length
  const { layers, topK, experts } = options
  const choices = count * layers.length * topK
  const expertIds = new Uint16Array(choices).fill(noExpert)
  const expertWeights = new Float32Array(choices)
  const routerLogits = logits !== 'none' ? new Float32Array(count * layers.length * experts) : undefined
  const modelLogits = logits === 'all' ? new Float32Array(count * vocabularySize) : undefined
  const columns = { expertIds, expertWeights, routerLogits, logits: modelLogits }
  return {
    record: (token, decisions, next) => {
      decisions.forEach((decision, layer) => {
        const row = token * layers.length + layer
        routerLogits?.set(decision.logits, row * experts)
        decision.experts.forEach((expert, choice) => {
          if (decision.dropped.includes(expert)) return
          expertIds[row * topK + choice] = expert
          expertWeights[row * topK + choice] = decision.gates[choice] ?? 0
        })
      })
      modelLogits?.set(next, token * vocabularySize)
    },
    restore: ({ from, to, ...rows }) => {
      for (const [name, column] of Object.entries(columns)) {
        const found = rows[name as keyof typeof columns]?.length ?? 0
        const expected = ((column?.length ?? 0) / Math.max(1, count)) * (to - from)
        if (found === expected) continue
        throw new RangeError(`the recording that was kept has ${found} values of ${name}, and ${expected} are expected`)
      }
      for (const [name, column] of Object.entries(columns)) {
        const kept = rows[name as keyof typeof columns]
        if (column && kept) column.set(kept, (column.length / count) * from)
      }
    },
    trace: memoryTrace({ ...options, ...columns, notes: [] })
  }
}
