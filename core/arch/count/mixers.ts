/** Weights of what mixes tokens: attention of every kind, linear attention and state spaces. */

import type { Component } from '../describe/component'
import type {
  GatedDeltaNet,
  GroupedAttention,
  Indexer,
  LatentAttention,
  LightningAttention,
  Mamba1,
  Mamba2,
  Mixer,
  RoutedAttention
} from '../describe/description'
import { listedWeights, type Weights, weights } from './weights'

export function mixerWeights(mixer: Mixer, width: number): Weights[] {
  switch (mixer.kind) {
    case 'attention':
      return groupedAttention(mixer, width)
    case 'latentAttention':
      return latentAttention(mixer, width)
    case 'routedAttention':
      return routedAttention(mixer, width)
    case 'lightningAttention':
      return lightningAttention(mixer, width)
    case 'gatedDeltaNet':
      return gatedDeltaNet(mixer, width)
    case 'mamba1':
      return mamba1(mixer, width)
    case 'mamba2':
      return mamba2(mixer, width)
    case 'listed':
      return listedWeights(mixer.weights, width)
  }
}

/** A projection, with its bias. */
function linear(component: Component, name: string, outputs: number, inputs: number, bias: boolean): Weights[] {
  return [weights(component, name, outputs, inputs), ...(bias ? [weights(component, `${name} bias`, outputs)] : [])]
}

/** Ainslie et al. 2023 (arXiv 2305.13245); the options are those of the model files of transformers. */
function groupedAttention(attention: GroupedAttention, width: number): Weights[] {
  const { heads, keyValueHeads, headSize, valueHeadSize, source } = attention
  const inputBias = attention.bias !== 'none'
  const queries = heads * headSize
  return [
    ...linear('attention', 'queries', queries, width, inputBias),
    ...(attention.outputGate ? linear('attention', 'output gate', heads * valueHeadSize, width, inputBias) : []),
    ...(source === 'earlierLayer'
      ? []
      : [
          ...linear('attention', 'keys', keyValueHeads * headSize, width, inputBias),
          ...(attention.valuesAreKeys
            ? []
            : linear('attention', 'values', keyValueHeads * valueHeadSize, width, inputBias))
        ]),
    ...linear('attention', 'attention output', width, heads * valueHeadSize, attention.bias === 'all'),
    ...(attention.sinks ? [weights('attention', 'sinks', heads)] : []),
    ...(attention.relativePositions ? [weights('attention', 'relative positions', queries, width)] : []),
    ...queryKeyNorms(attention)
  ]
}

function queryKeyNorms({ queryKeyNorm, heads, keyValueHeads, headSize }: GroupedAttention): Weights[] {
  const size = {
    none: 0,
    head: 2 * headSize,
    headWithBias: 4 * headSize,
    allHeads: (heads + keyValueHeads) * headSize
  }[queryKeyNorm]
  return size > 0 ? [weights('norms', 'norms of queries and keys', size)] : []
}

/** DeepSeek-V2 (arXiv 2405.04434), section 2.1 and appendix C; bias as in DeepseekV3Attention of transformers. */
function latentAttention(attention: LatentAttention, width: number): Weights[] {
  const { heads, queryRank, keyValueRank, plainHeadSize, rotaryHeadSize, valueHeadSize, bias, indexer } = attention
  const queries = heads * (plainHeadSize + rotaryHeadSize)
  return [
    ...(queryRank === null
      ? [weights('attention', 'queries', queries, width)]
      : [
          ...linear('attention', 'queries into their latent', queryRank, width, bias),
          weights('norms', 'norm of the queries', queryRank),
          weights('attention', 'queries out of their latent', queries, queryRank)
        ]),
    ...linear('attention', 'keys and values into their latent', keyValueRank + rotaryHeadSize, width, bias),
    weights('norms', 'norm of keys and values', keyValueRank),
    weights('attention', 'keys and values out of their latent', heads * (plainHeadSize + valueHeadSize), keyValueRank),
    ...linear('attention', 'attention output', width, heads * valueHeadSize, bias),
    ...(indexer?.source === 'own' ? indexerWeights(indexer, queryRank ?? width, width) : [])
  ]
}

/** The lightning indexer of DeepSeek-V3.2 (deepseek-ai/DeepSeek-V3.2-Exp, inference/model.py); its key norm has a bias. */
function indexerWeights({ heads, headSize }: Indexer, queryInputs: number, width: number): Weights[] {
  return [
    weights('indexer', 'indexer queries', heads * headSize, queryInputs),
    weights('indexer', 'indexer keys', headSize, width),
    weights('indexer', 'indexer key norm', 2 * headSize),
    weights('indexer', 'indexer head weights', heads, width)
  ]
}

/** JetMoE (arXiv 2404.07413, section 2.2; JetMoeMoA of transformers): a router, experts, shared keys and values, a bias. */
function routedAttention({ experts, topK, keyValueHeads, headSize }: RoutedAttention, width: number): Weights[] {
  const keys = keyValueHeads * headSize
  const expert = { copies: experts, activeCopies: topK }
  return [
    weights('router', 'attention router', experts, width),
    { ...weights('attention', 'queries of an attention expert', keys, width), ...expert },
    { ...weights('attention', 'output of an attention expert', width, keys), ...expert },
    weights('attention', 'keys', keys, width),
    weights('attention', 'values', keys, width),
    weights('attention', 'attention output bias', width)
  ]
}

/** MiniMax-01 (arXiv 2501.08313, section 2.2; MiniMaxLightningAttention of transformers). */
function lightningAttention({ heads, headSize }: LightningAttention, width: number): Weights[] {
  const inner = heads * headSize
  return [
    weights('linearAttention', 'queries, keys and values', 3 * inner, width),
    weights('linearAttention', 'output gate', inner, width),
    weights('norms', 'norm of the heads', inner),
    weights('linearAttention', 'attention output', width, inner)
  ]
}

/** Qwen3NextGatedDeltaNet of transformers: the convolution has no bias, the norm is of one head. */
function gatedDeltaNet(mixer: GatedDeltaNet, width: number): Weights[] {
  const keys = mixer.keyHeads * mixer.keyHeadSize
  const values = mixer.valueHeads * mixer.valueHeadSize
  return [
    weights('linearAttention', 'queries and keys', 2 * keys, width),
    weights('linearAttention', 'values and output gate', 2 * values, width),
    weights('linearAttention', 'decay and step', 2 * mixer.valueHeads, width),
    weights('linearAttention', 'convolution', 2 * keys + values, mixer.kernel),
    weights('linearAttention', 'decay and step biases', 2 * mixer.valueHeads),
    weights('norms', 'norm of a head', mixer.valueHeadSize),
    weights('linearAttention', 'attention output', width, values)
  ]
}

/** Gu and Dao 2023 (arXiv 2312.00752); inner norms as in JambaMambaMixer of transformers. */
function mamba1(mixer: Mamba1, width: number): Weights[] {
  const { innerWidth: inner, stateSize, timeStepRank, kernel, kernelBias, projectionBias, innerNorms } = mixer
  return [
    ...linear('linearAttention', 'input and gate', 2 * inner, width, projectionBias),
    weights('linearAttention', 'convolution', inner, kernel),
    ...(kernelBias ? [weights('linearAttention', 'convolution bias', inner)] : []),
    weights('linearAttention', 'time step and state projections', timeStepRank + 2 * stateSize, inner),
    ...linear('linearAttention', 'time step', inner, timeStepRank, true),
    weights('linearAttention', 'decay', inner, stateSize),
    weights('linearAttention', 'skip', inner),
    ...linear('linearAttention', 'output', width, inner, projectionBias),
    ...(innerNorms ? [weights('norms', 'inner norms', timeStepRank + 2 * stateSize)] : [])
  ]
}

/** Dao and Gu 2024 (arXiv 2405.21060), section 7; NemotronHMamba2Mixer and Bamba's mixer of transformers. */
function mamba2(mixer: Mamba2, width: number): Weights[] {
  const { heads, headSize, groups, stateSize, kernel, kernelBias, projectionBias } = mixer
  const inner = heads * headSize
  const convolved = inner + 2 * groups * stateSize
  return [
    ...linear('linearAttention', 'gate, input, states and time step', inner + convolved + heads, width, projectionBias),
    weights('linearAttention', 'convolution', convolved, kernel),
    ...(kernelBias ? [weights('linearAttention', 'convolution bias', convolved)] : []),
    weights('linearAttention', 'time step bias, decay and skip', 3 * heads),
    ...(mixer.gatedNorm === false ? [] : [weights('norms', 'gated norm', inner)]),
    ...linear('linearAttention', 'output', width, inner, mixer.outputBias ?? projectionBias)
  ]
}
