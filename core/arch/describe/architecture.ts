import type { Architecture, Layer } from '../architecture'
import type { Block, FeedForward, ModelDescription } from './description'
import { decoderOf, denseNetwork, groupedAttention, moeNetwork } from './parts'
import { uniqueBlocks } from './unique-blocks'

/** The description of an architecture that Moescope runs, for counting. */
export function describe(architecture: Architecture): ModelDescription {
  return decoderOf({
    modelType: architecture.modelType,
    vocabularySize: architecture.vocabularySize,
    width: architecture.width,
    context: architecture.context,
    tiedEmbeddings: architecture.tiedEmbeddings,
    shippedFormat: 'fp32',
    blocks: uniqueBlocks(architecture.layers.map((layer) => describeLayer(layer, architecture)))
  })
}

function describeLayer({ attention, feedForward }: Layer, { modelType }: Architecture): Block {
  const { heads, keyValueHeads, headSize, projectionBias } = attention
  return {
    mixers: [groupedAttention({ heads, keyValueHeads, headSize, bias: projectionBias ? 'queryKeyValue' : 'none' })],
    feedForwards: [describeFeedForward(feedForward, modelType)],
    norm: 'rms',
    norms: 2
  }
}

function describeFeedForward(feedForward: Layer['feedForward'], modelType: Architecture['modelType']): FeedForward {
  if (feedForward.kind === 'dense') return denseNetwork({ width: feedForward.width })
  const { experts, topK, expertWidth, sharedWidth } = feedForward
  return moeNetwork({
    experts,
    topK,
    expertWidth,
    sharedExperts: sharedWidth > 0 ? 1 : 0,
    sharedExpertWidth: sharedWidth,
    // A qwen2_moe checkpoint holds the shared expert's gate even when that expert has no width.
    sharedGate: modelType === 'qwen2_moe'
  })
}
