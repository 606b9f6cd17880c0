/**
 * Bytes and FLOPs of one step of a model: all that a prediction of its speed needs to know.
 * FLOPs count a multiply-add as two.
 */
export interface Workload {
  /** Bytes of the weights that every token passes: attention, dense and shared feed-forward layers, routers, head. */
  readonly denseBytes: number
  /**
   * Bytes of weights that lie in memory but are hardly read, such as an embedding table of which a token takes a row.
   */
  readonly restingBytes?: number
  /** All layers, those with routed experts among them. */
  readonly layers: number
  /** The layers with routed experts. */
  readonly moeLayers: readonly MoeLayerWork[]
  /** FLOPs of one token without the routed experts; a decoded one attends to the whole context. */
  readonly denseFlops: { readonly prefill: number; readonly decode: number }
  /** Bytes of the KV cache of one sequence at its context: what memory holds and a prefill writes. */
  readonly cacheBytes: number
  /** Bytes that a decode step reads of it; all of it if not said. */
  readonly cacheReadBytes?: number
  /** Sequences at once. */
  readonly batch: number
  /** Tokens of each sequence that a prefill reads. */
  readonly promptTokens: number
}

/** One layer with routed experts; shared ones belong to the dense part. */
export interface MoeLayerWork {
  readonly experts: number
  /** Experts of one token. */
  readonly topK: number
  readonly bytesPerExpert: number
  /** FLOPs of one expert for one token. */
  readonly flopsPerExpert: number
  /** Bytes of one token's hidden state, sent to each of its experts and back where these lie on other devices. */
  readonly hiddenBytes: number
  /** Different experts that a decode step of this batch was measured to use; taken from random routing if not known. */
  readonly distinctExperts?: number
  /** Tokens of the busiest device over the mean, with experts on several devices; 1 if not known. */
  readonly imbalance?: number
}
