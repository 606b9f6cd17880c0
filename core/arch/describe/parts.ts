/** Parts of descriptions with the options that most models leave off. */
import type { Component } from './component'
import type {
  Block,
  DenseFeedForward,
  GroupedAttention,
  ListedMixer,
  ListedWeights,
  ModelDescription,
  MoeFeedForward,
  Stack
} from './description'

type With<T, Needed extends keyof T> = Pick<T, Needed> & Partial<T>

/** Attention over all earlier tokens with projections of its own; without biases, norms, sinks and gates by default. */
export function groupedAttention(
  attention: Omit<With<GroupedAttention, 'heads' | 'keyValueHeads' | 'headSize'>, 'kind'>
): GroupedAttention {
  return {
    kind: 'attention',
    valueHeadSize: attention.headSize,
    bias: 'none',
    queryKeyNorm: 'none',
    sinks: false,
    outputGate: false,
    window: null,
    source: 'own',
    relativePositions: false,
    rotary: null,
    ...attention
  }
}

/** A gated feed-forward without biases by default. */
export function denseNetwork(network: Omit<With<DenseFeedForward, 'width'>, 'kind'>): DenseFeedForward {
  return { kind: 'dense', gated: true, bias: false, activation: null, ...network }
}

/** Gated experts without biases, a plain router and no shared expert by default. */
export function moeNetwork(
  network: Omit<With<MoeFeedForward, 'experts' | 'topK' | 'expertWidth'>, 'kind'>
): MoeFeedForward {
  return {
    kind: 'moe',
    gated: true,
    expertBias: false,
    activation: null,
    normaliseGates: null,
    router: null,
    zeroExperts: 0,
    routerBias: false,
    sharedExperts: 0,
    sharedExpertWidth: 0,
    sharedGate: false,
    latentWidth: null,
    outputBias: false,
    ...network
  }
}

/** Tables and ends of a model without learned positions, tied or not, described completely, with no extras. */
export function modelOf(
  model: With<ModelDescription, 'modelType' | 'vocabularySize' | 'width' | 'context' | 'tiedEmbeddings' | 'stacks'>
): ModelDescription {
  return {
    normEpsilon: null,
    outputBias: false,
    outputRows: null,
    learnedPositions: 0,
    tokenTypes: 0,
    embeddingNorm: 'none',
    pooler: false,
    multiTokenPrediction: [],
    shippedFormat: 'bf16',
    quantisation: null,
    bestEffort: [],
    notes: [],
    leftOut: [],
    nestedIn: null,
    ...model
  }
}

/** A mixer by its matrices; without cache, state and products of pairs by default. */
export function listedMixer(
  name: string,
  weights: ListedMixer['weights'],
  rest: Partial<ListedMixer> = {}
): ListedMixer {
  return {
    kind: 'listed',
    name,
    weights,
    cachedValues: 0,
    window: null,
    pairMultiplyAdds: 0,
    stateSize: 0,
    convolutionSize: 0,
    ...rest
  }
}

/** Matrices or vectors by their shapes. */
export function listed(component: Component, name: string, ...shape: ListedWeights['shape']): ListedWeights {
  return { name, component, shape }
}

type Decoder = Omit<Parameters<typeof modelOf>[0], 'stacks'> & {
  readonly blocks: readonly Block[]
  readonly sharedBlocks?: Stack['sharedBlocks']
  /** Default `rms`. */
  readonly finalNorm?: Stack['finalNorm']
}

/** A model of one stack that predicts the next token. */
export function decoderOf({ blocks, sharedBlocks, finalNorm = 'rms', ...model }: Decoder): ModelDescription {
  const shared = sharedBlocks ? { sharedBlocks } : {}
  return modelOf({ ...model, stacks: [{ role: 'decoder', blocks, ...shared, finalNorm, distanceBiases: null }] })
}
