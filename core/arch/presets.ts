/** The built-in family: small models that train in minutes and differ only in what their feed-forwards are. */
import type { Architecture, FeedForward, RouterSpec } from './architecture'
import { topKRouterSpec } from './architecture'

export interface FamilyShape {
  /** Width of the residual stream; a multiple of twice the number of heads. */
  readonly width: number
  readonly vocabularySize: number
  /** Default 2. */
  readonly layers?: number
  /** Default 4. */
  readonly heads?: number
  /** In tokens, default 64. */
  readonly context?: number
  /** Default false: each layer has weights of its own. */
  readonly sharedLayers?: boolean
}

export interface DenseShape extends FamilyShape {
  /** Default 8/3 of the width, rounded to a multiple of 8 (the SwiGLU width of Shazeer 2020). */
  readonly feedForwardWidth?: number
}

export interface MoeShape extends FamilyShape {
  /** Per layer, default 16. */
  readonly experts?: number
  /** Default 2. */
  readonly topK?: number
  /** Default half of the dense feed-forward, rounded to a multiple of 8, so that two experts cost one feed-forward. */
  readonly expertWidth?: number
  /** Default top-k with normalised gates; top-1 needs others, because a single normalised gate is constant 1. */
  readonly router?: RouterSpec
  /** Default 0: no shared expert. */
  readonly sharedWidth?: number
}

/** A dense member of the family, a `llama`. Throws `RangeError` when the heads do not fit the width. */
export function denseArchitecture(shape: DenseShape): Architecture {
  const { width, feedForwardWidth = denseWidth(width) } = shape
  return family('llama', shape, { kind: 'dense', width: feedForwardWidth })
}

/**
 * A member with experts in every layer: a `mixtral`, or a `qwen2_moe` when the gates are not normalised or there is a
 * shared expert. Throws `RangeError` for top-1 with normalised gates, for a topK outside 1 to experts, and when the
 * heads do not fit the width.
 */
export function moeArchitecture(shape: MoeShape): Architecture {
  const { width, experts = 16, topK = 2, router = topKRouterSpec(true), sharedWidth = 0 } = shape
  const { expertWidth = toMultipleOf8(denseWidth(width) / 2) } = shape
  if (topK < 1 || topK > experts) throw new RangeError(`top_k: expected 1 to ${experts} (the experts), found ${topK}`)
  const normalised = router.normalise_gates === true
  if (topK === 1 && normalised) {
    throw new RangeError('top_k 1 needs normalise_gates: false, or the router gets no gradient from the loss')
  }
  const modelType = normalised && sharedWidth === 0 ? 'mixtral' : 'qwen2_moe'
  return family(modelType, shape, { kind: 'moe', experts, topK, expertWidth, router, sharedWidth })
}

function family(modelType: Architecture['modelType'], shape: FamilyShape, feedForward: FeedForward): Architecture {
  const { width, vocabularySize, layers = 2, heads = 4, context = 64, sharedLayers = false } = shape
  if (width % (2 * heads) !== 0) {
    throw new RangeError(`width: expected a multiple of ${2 * heads} (${heads} heads of even size), found ${width}`)
  }
  const attention = { heads, keyValueHeads: heads, headSize: width / heads, projectionBias: false }
  return {
    modelType,
    vocabularySize,
    width,
    context,
    tiedEmbeddings: true,
    normEpsilon: 1e-6,
    ropeTheta: 10_000,
    layers: Array.from({ length: layers }, () => ({ attention, feedForward })),
    ...(sharedLayers ? { sharedLayers: true } : {})
  }
}

function denseWidth(width: number): number {
  return toMultipleOf8((8 * width) / 3)
}

function toMultipleOf8(size: number): number {
  return Math.round(size / 8) * 8
}
