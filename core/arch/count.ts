/**
 * Parameters, arithmetic and memory of an architecture in closed form. The conventions are those of the laboratories'
 * model cards, which differ in what they call active; every figure here says which one it follows.
 */
import type { Architecture, FeedForward, Layer, RunnableModelType } from './architecture'

/** The weights that one token touches, in three conventions. */
export interface ActiveParameters {
  /** Everything but the experts the token is not routed to (Mixtral, OLMoE, Qwen). */
  readonly all: number
  /** The same without the input lookup table; the output projection counts, also when it is the same tied table. */
  readonly no_input_embedding: number
  /** Without the input table and without the output projection. */
  readonly no_embedding: number
}

/** Weights by what they are for; they sum to the total. */
export interface ParameterComponents {
  readonly embedding: number
  /** The output projection; 0 when it is tied to the embedding. */
  readonly output: number
  /** Projections of queries, keys, values and outputs, with their biases. */
  readonly attention: number
  readonly norms: number
  /** Feed-forwards of the dense layers. */
  readonly dense: number
  readonly router: number
  /** All routed experts of all layers. */
  readonly experts: number
  /** Shared experts with their gates. */
  readonly shared: number
}

export interface ParameterCount {
  readonly total: number
  readonly active: ActiveParameters
  readonly components: ParameterComponents
}

/** Counts every weight of a checkpoint of this architecture. */
export function countParameters(architecture: Architecture): ParameterCount {
  const { vocabularySize, width, tiedEmbeddings, layers, modelType } = architecture
  const table = vocabularySize * width
  const feedForwards = layers.map((layer) => feedForwardParameters(layer.feedForward, width, modelType))
  const components = {
    embedding: table,
    output: tiedEmbeddings ? 0 : table,
    attention: sum(layers, (layer) => attentionParameters(layer, width)),
    norms: (2 * layers.length + 1) * width,
    dense: sum(feedForwards, (parts) => parts.dense),
    router: sum(feedForwards, (parts) => parts.router),
    experts: sum(feedForwards, (parts) => parts.experts),
    shared: sum(feedForwards, (parts) => parts.shared)
  }
  const total = sum(Object.values(components), (part) => part)
  const all = total - sum(feedForwards, (parts) => parts.unrouted)
  return {
    total,
    active: {
      all,
      no_input_embedding: all - (tiedEmbeddings ? 0 : table),
      no_embedding: all - table - components.output
    },
    components
  }
}

/**
 * Floating-point operations of the forward pass of one token that attends to `contextLength` tokens (itself
 * included), as in decoding: 2 for each active weight without the input lookup (the vectors of norms and biases, below
 * 0.1 %, count as if they were matrices) plus 2 for each product of the attention scores and of the weighted values.
 * Softmax, rotation and activation functions are left out, as in the scaling-law papers (Kaplan et al. 2020, 2.1).
 */
export function flopsPerToken(architecture: Architecture, contextLength: number): number {
  const scoresAndValues = sum(architecture.layers, ({ attention }) => 2 * attention.heads * attention.headSize)
  return 2 * countParameters(architecture).active.no_input_embedding + 2 * contextLength * scoresAndValues
}

/**
 * Floating-point operations of training on one token, forward and backward, averaged over the positions of a causal
 * window of `windowLength` tokens. The backward pass counts twice the forward one (Hoffmann et al. 2022, appendix F).
 */
export function trainFlopsPerToken(architecture: Architecture, windowLength = architecture.context): number {
  return 3 * flopsPerToken(architecture, (windowLength + 1) / 2)
}

/** Bytes that one token adds to the cache of keys and values, all layers together. */
export function kvBytesPerToken(architecture: Architecture, bytesPerValue: number): number {
  const values = sum(architecture.layers, ({ attention }) => 2 * attention.keyValueHeads * attention.headSize)
  return values * bytesPerValue
}

/** Bytes of a number of weights in four precisions, without scales or zero points of the quantised ones. */
export interface WeightBytes {
  readonly fp32: number
  readonly bf16: number
  readonly int8: number
  readonly int4: number
}

/** Bytes of all weights: what the memory must hold. */
export function weightBytes(architecture: Architecture): WeightBytes {
  return bytesOf(countParameters(architecture).total)
}

/** Bytes of weights that decoding one token reads (`no_input_embedding`: of the input table it reads one row only). */
export function activeBytesPerToken(architecture: Architecture): WeightBytes {
  return bytesOf(countParameters(architecture).active.no_input_embedding)
}

function bytesOf(weights: number): WeightBytes {
  return { fp32: 4 * weights, bf16: 2 * weights, int8: weights, int4: Math.ceil(weights / 2) }
}

function attentionParameters({ attention }: Layer, width: number): number {
  const queries = attention.heads * attention.headSize
  const keys = attention.keyValueHeads * attention.headSize
  const biases = attention.projectionBias ? queries + 2 * keys : 0
  return width * (2 * queries + 2 * keys) + biases
}

function feedForwardParameters(feedForward: FeedForward, width: number, modelType: RunnableModelType) {
  if (feedForward.kind === 'dense') {
    return { dense: 3 * width * feedForward.width, router: 0, experts: 0, shared: 0, unrouted: 0 }
  }
  const { experts, topK, expertWidth, sharedWidth } = feedForward
  const expert = 3 * width * expertWidth
  // A qwen2_moe checkpoint holds the shared expert's gate even when that expert has no width.
  const sharedGate = modelType === 'qwen2_moe' ? width : 0
  return {
    dense: 0,
    router: width * experts,
    experts: experts * expert,
    shared: 3 * width * sharedWidth + sharedGate,
    unrouted: (experts - topK) * expert
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
