/** Untrained models of comparable shapes, for measuring speed alone. */
import type { Architecture } from '../arch/architecture'
import { topKRouterSpec } from '../arch/architecture'
import { countParameters } from '../arch/count/count'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { tokenizer } from '../corpus'
import { createKeyValueCache } from '../generate/key-value-cache'
import { chooseDispatch } from '../model/experts/choose'
import type { ExpertDispatch } from '../model/experts/dispatch'
import { decode, prefill, uniformAttention } from '../model/inference'
import { parameterLayout } from '../model/parameters'
import { constantWeights } from '../model/weights'
import { createRandom } from '../random'
import type { Backend } from '../runtime/backend'
import { int32, int64, processorOf } from '../runtime/backend'
import { graphTask } from './measure'

export type SpeedKind = 'dense-active' | 'moe' | 'dense-total'

export interface MoeSpeedShape {
  readonly width: number
  readonly experts: number
  readonly topK: number
  /** By default 8/3 of the width divided among the chosen experts, to a multiple of 8. */
  readonly expertWidth?: number
  /** In tokens; default 64. */
  readonly context?: number
}

/**
 * An MoE and the two dense models that it is compared with, all of the same width and attention: one whose
 * feed-forward is as wide as the chosen experts together, one as wide as all experts together.
 */
export function speedShapes(shape: MoeSpeedShape): Record<SpeedKind, Architecture> {
  const { width, experts, topK } = shape
  const expertWidth = shape.expertWidth ?? Math.round((8 * width) / 3 / topK / 8) * 8
  const common = { width, vocabularySize: tokenizer.size, context: shape.context ?? 64 }
  return {
    'dense-active': denseArchitecture({ ...common, feedForwardWidth: topK * expertWidth }),
    moe: moeArchitecture({ ...common, experts, topK, expertWidth, router: topKRouterSpec(topK > 1) }),
    'dense-total': denseArchitecture({ ...common, feedForwardWidth: experts * expertWidth })
  }
}

/** Weights that mean nothing but are of the size that trained ones have. */
export function untrainedWeights(architecture: Architecture): Float32Array {
  const random = createRandom(1, 'untrained')
  const tile = Float32Array.from({ length: 65_521 }, () => (random.uniform() - 0.5) / Math.sqrt(architecture.width))
  const flat = new Float32Array(parameterLayout(architecture).size)
  for (let start = 0; start < flat.length; start += tile.length) {
    flat.set(tile.subarray(0, Math.min(tile.length, flat.length - start)), start)
  }
  return flat
}

export interface DecodeTaskOptions {
  /** By default the one that is chosen for this processor. */
  readonly dispatch?: ExpertDispatch | undefined
  /** By default untrained ones. */
  readonly weights?: Float32Array
}

/** Reading one token after half a context, as a task to time; the token changes so that the experts do. */
export async function decodeTask(
  backend: Backend,
  name: string,
  architecture: Architecture,
  { dispatch, weights: flat = untrainedWeights(architecture) }: DecodeTaskOptions = {}
) {
  const weights = constantWeights(architecture, flat)
  const graph = decode(architecture, weights, dispatch ?? chooseDispatch(architecture, processorOf(backend), 'decode'))
  const { keyValueHeads, headSize } = uniformAttention(architecture)
  const { context } = architecture
  const cache = createKeyValueCache(architecture.layers.length, keyValueHeads, context, headSize)
  const half = context / 2
  cache.append(new Float32Array(cache.tensor.data.length / 2).fill(0.1), half)
  const inputs = { positions: int64([half], [1, 1]), cache: cache.tensor, mask: cache.mask }
  const { session } = await graphTask(backend, name, graph, { ...inputs, tokens: int32(Int32Array.of(0)) })
  let token = 0
  return {
    name,
    session,
    parameters: countParameters(architecture),
    run: () => {
      token = (token + 1) % architecture.vocabularySize
      return session.run({ ...inputs, tokens: int32(Int32Array.of(token)) })
    }
  }
}

/** Reading a whole context at once, as a task to time. */
export function prefillTask(
  backend: Backend,
  name: string,
  architecture: Architecture,
  flat = untrainedWeights(architecture)
) {
  const weights = constantWeights(architecture, flat)
  const graph = prefill(architecture, weights, chooseDispatch(architecture, processorOf(backend), 'prefill'))
  const { context, vocabularySize } = architecture
  const positions = Array.from({ length: context }, (_, i) => i)
  const tokens = Int32Array.from(positions, (i) => (i * 7 + (i >> 3)) % vocabularySize)
  return graphTask(backend, name, graph, { tokens: int32(tokens), positions: int64(positions, [1, context]) })
}
