import type { Architecture, Attention, LatentShape, Layer } from '../architecture'
import { isUsual } from '../own-keys'
import { writeScaling } from '../rotary-scaling'
import type { Block, FeedForward, LatentAttention, ModelDescription, RotaryPositions } from './description'
import { decoderOf, denseNetwork, groupedAttention, moeNetwork } from './parts'
import { withRouter } from './routed'
import { uniqueBlocks } from './unique-blocks'

/** The description of an architecture that Moescope runs. */
export function describe(architecture: Architecture): ModelDescription {
  return decoderOf({
    modelType: architecture.modelType,
    vocabularySize: architecture.vocabularySize,
    width: architecture.width,
    context: architecture.context,
    tiedEmbeddings: architecture.tiedEmbeddings,
    normEpsilon: architecture.normEpsilon,
    shippedFormat: 'fp32',
    blocks: uniqueBlocks(architecture.layers.map((layer) => describeLayer(layer, architecture))),
    ...(architecture.sharedLayers ? { sharedBlocks: true } : {}),
    ...(architecture.multipliers ? { multipliers: architecture.multipliers } : {})
  })
}

function describeLayer({ attention, feedForward }: Layer, { modelType, ropeTheta, ropeScaling }: Architecture): Block {
  const { heads, keyValueHeads, headSize, projectionBias, outputBias, queryKeyNorm = 'none', window = null } = attention
  const { rotarySize, latent } = attention
  const sinks = attention.sinks === true
  const bias = outputBias ? 'all' : projectionBias ? 'queryKeyValue' : 'none'
  const scaling = ropeScaling ? { key: 'rope_scaling' as const, parameters: writeScaling(ropeScaling) } : null
  const rotary = { base: ropeTheta, scaling }
  return {
    mixers: [
      latent
        ? describeLatent(attention, latent, rotary)
        : groupedAttention({
            heads,
            keyValueHeads,
            headSize,
            bias,
            queryKeyNorm,
            window,
            sinks,
            rotary,
            ...(rotarySize !== undefined && { rotarySize })
          })
    ],
    feedForwards: [describeFeedForward(feedForward, modelType)],
    norm: 'rms',
    norms: 2
  }
}

function describeLatent(
  { heads, headSize, projectionBias }: Attention,
  { queryRank, keyValueRank, rotarySize, valueSize, interleaved }: LatentShape,
  rotary: RotaryPositions
): LatentAttention {
  return {
    kind: 'latentAttention',
    heads,
    queryRank: queryRank ?? null,
    keyValueRank,
    plainHeadSize: headSize - rotarySize,
    rotaryHeadSize: rotarySize,
    valueHeadSize: valueSize,
    bias: projectionBias,
    rotary: { ...rotary, interleaved: interleaved === true },
    indexer: null
  }
}

function describeFeedForward(feedForward: Layer['feedForward'], modelType: Architecture['modelType']): FeedForward {
  if (feedForward.kind === 'dense') return denseNetwork({ width: feedForward.width, activation: 'silu' })
  const { experts, topK, expertWidth, router, sharedWidth } = feedForward
  const { clamped } = feedForward
  const network = moeNetwork({
    experts,
    topK,
    expertWidth,
    activation: 'silu',
    normaliseGates: router.normalise_gates === true,
    sharedExperts: sharedWidth > 0 ? 1 : 0,
    sharedExpertWidth: sharedWidth,
    routerBias: feedForward.routerBias === true,
    expertBias: feedForward.expertBias === true,
    ...(clamped && { clamped }),
    // A qwen2_moe checkpoint holds the shared expert's gate even when that expert has no width.
    sharedGate: modelType === 'qwen2_moe'
  })
  return isUsual(router) ? network : withRouter(router, network)
}
