import { listOf } from '../list-of'
import type { RotaryScaling } from './rotary-scaling'

/**
 * A model layer by layer, with no word about how it is computed or stored.
 *
 * The type covers the models that Moescope runs: pre-norm decoders with RMSNorm, rotary positions, grouped-query
 * attention and SwiGLU feed-forwards, dense or with experts.
 */
export interface Architecture {
  /** Hugging Face `model_type` whose tensor names the checkpoint uses. */
  readonly modelType: RunnableModelType
  /** Number of tokens of the vocabulary. */
  readonly vocabularySize: number
  /** Width of the residual stream (`hidden_size`, d). */
  readonly width: number
  /** Longest sequence the model was made for, in tokens (`max_position_embeddings`). */
  readonly context: number
  /** True where the output projection is the transposed input embedding. */
  readonly tiedEmbeddings: boolean
  /** Epsilon of every RMSNorm. */
  readonly normEpsilon: number
  /** Base of the rotary frequencies. */
  readonly ropeTheta: number
  /** Scaling of those frequencies for longer contexts; absent where there is none. */
  readonly ropeScaling?: RotaryScaling
  readonly layers: readonly Layer[]
  /**
   * True where every layer uses the weights of the first, to which they are then equal (Lan et al. 2020, "ALBERT",
   * section 3.1); absent where each has its own.
   */
  readonly sharedLayers?: true
  /** Factors of activations; absent where there are none but the usual one of attention. */
  readonly multipliers?: Multipliers
}

/** Factors of activations, as Granite 3.0 has them; each 1 for none. */
export interface Multipliers {
  /** Of the embedded tokens. */
  readonly embedding: number
  /** Of the scores of attention, in place of `1 / sqrt(headSize)`. */
  readonly attention: number
  /** Of what attention and feed-forward add to the residual stream. */
  readonly residual: number
  /** The logits are divided by it. */
  readonly logitsDivisor: number
}

export const runnableModelTypes = [
  'llama',
  'granite',
  'mistral',
  'qwen2',
  'qwen3',
  'mixtral',
  'olmoe',
  'granitemoe',
  'qwen2_moe',
  'qwen3_moe',
  'glm4_moe',
  'deepseek_v2',
  'deepseek_v3',
  'gpt_oss'
] as const

export type RunnableModelType = (typeof runnableModelTypes)[number]

export interface Layer {
  readonly attention: Attention
  readonly feedForward: FeedForward
}

/** Grouped-query attention; `heads === keyValueHeads` is ordinary multi-head attention. */
export interface Attention {
  readonly heads: number
  readonly keyValueHeads: number
  /** Width of one head; even, because rotary positions turn pairs. */
  readonly headSize: number
  /** True where the query, key and value projections have a bias (as in qwen2_moe checkpoints). */
  readonly projectionBias: boolean
  /** True where the output projection has a bias as well; absent where it has none. */
  readonly outputBias?: true
  /**
   * RMSNorms of queries and keys before they turn: over each head, with one scale for all heads (Qwen3), or over all heads
   * together (OLMoE); absent where there are none.
   */
  readonly queryKeyNorm?: 'head' | 'allHeads'
  /** Tokens that a token sees, itself included; absent where it sees all before it. */
  readonly window?: number
  /** Features of a head that turn with the position, the first ones; absent where all of them do. */
  readonly rotarySize?: number
  /** True where each head has a logit that takes attention from the tokens (Xiao et al. 2023, arXiv 2309.17453); absent for none. */
  readonly sinks?: true
  /** Latents of which queries, keys and values are made; absent where they are projected from the residual stream. */
  readonly latent?: LatentShape
}

/**
 * Multi-head latent attention (DeepSeek-AI 2024, "DeepSeek-V2", section 2.1). A head's queries and keys, `headSize` wide,
 * have a part without positions and one with; the latter is the same key for all heads.
 */
export interface LatentShape {
  /** Width of the latent of the queries; absent where they are projected directly. */
  readonly queryRank?: number
  /** Width of the latent of keys and values. */
  readonly keyValueRank: number
  /** Of a head, the last features of queries and keys, which turn. */
  readonly rotarySize: number
  /** At most `headSize`. */
  readonly valueSize: number
  /** True where a pair that turns are neighbours; absent where they are half of `rotarySize` apart. */
  readonly interleaved?: true
}

export type FeedForward = DenseFeedForward | MoeFeedForward

/** SwiGLU: `down(silu(gate(x)) * up(x))`. */
export interface DenseFeedForward {
  readonly kind: 'dense'
  /** Hidden width (`intermediate_size`). */
  readonly width: number
}

/** A router that sends each token to some of the SwiGLU experts, and optionally one shared expert for all. */
export interface MoeFeedForward {
  readonly kind: 'moe'
  readonly experts: number
  /** Experts that a token gets, by most routers exactly so many, by others in the mean. */
  readonly topK: number
  /** Hidden width of one expert (`moe_intermediate_size`). */
  readonly expertWidth: number
  readonly router: RouterSpec
  /**
   * Hidden width of the shared expert that every token visits, or 0 for none. Its output is scaled by a learned
   * sigmoid gate, as in qwen2_moe, unless `ungatedShared`.
   */
  readonly sharedWidth: number
  /** True where the shared expert has no gate, as in deepseek_v3; absent where it has. */
  readonly ungatedShared?: true
  /** True where the logits of the router have a bias; absent for none. */
  readonly routerBias?: true
  /** True where both projections of an expert have biases; absent for none. */
  readonly expertBias?: true
  /** True where experts compute gpt-oss's clamped SwiGLU (`core/model/feed-forward.ts`); absent for SwiGLU. */
  readonly clamped?: true
}

/** A kind of router and its settings, as specs and files write them; `core/routers` has the kinds. */
export interface RouterSpec {
  readonly kind: string
  readonly [setting: string]: string | number | boolean
}

/**
 * Top-k by softmax, the router of mixtral and qwen2_moe checkpoints.
 * @param normalised whether the chosen experts' softmax weights are divided by their sum (`norm_topk_prob`). With top-1
 * that makes the gate constant 1 and starves the router of gradient, so that top-1 models must be trained without.
 */
export function topKRouterSpec(normalised: boolean): RouterSpec {
  return { kind: 'top-k', normalise_gates: normalised }
}

/** The layers that have weights of their own, in a checkpoint as in memory. */
export function storedLayers({ layers, sharedLayers }: Architecture): readonly Layer[] {
  return sharedLayers ? layers.slice(0, 1) : layers
}

/** The layers whose feed-forward has a router, as indices into `architecture.layers`. */
export function moeLayers(architecture: Architecture): number[] {
  return architecture.layers.flatMap((layer, index) => (layer.feedForward.kind === 'moe' ? [index] : []))
}

/** The feed-forward of a layer that has experts; throws a `RangeError` for any other layer. */
export function moeShape(architecture: Architecture, layer: number): MoeFeedForward {
  const shape = architecture.layers[layer]?.feedForward
  if (shape?.kind === 'moe') return shape
  const routed = moeLayers(architecture)
  const known = routed.length === 0 ? 'the model is dense' : `the model has experts in ${listOf('layer', routed)}`
  throw new RangeError(`layer ${layer} has no router: ${known}`)
}
