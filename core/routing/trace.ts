/** What the routers of a model decided, token by token. Arrays are flat, row-major. */
export interface Trace {
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
  readonly tokenIds: Int32Array
  /** The text of each token: `[tokens]`. */
  readonly tokens: readonly string[]
  /** The chosen experts, best first, or `noExpert`: `[tokens, layers, topK]`. */
  readonly expertIds: Uint16Array
  /** Weights of their outputs: `[tokens, layers, topK]`. */
  readonly expertWeights: Float32Array | undefined
  /** `[tokens, layers, experts]` */
  readonly routerLogits: Float32Array | undefined
  /** Names of the domains that `domainIds` counts; empty where none are known. */
  readonly domains: readonly string[]
  /** `[tokens]` */
  readonly domainIds: Uint8Array | undefined
  /** What the model expects after each token: `[tokens, vocabulary]`. */
  readonly logits: Float32Array | undefined
}

/** In `Trace.expertIds`: no expert, because the token was dropped or not routed in this layer. */
export const noExpert = 65_535
