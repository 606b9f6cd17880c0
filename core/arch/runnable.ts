/** The architecture that the engine runs for a model, or each difference for which it does not. */
import type { Architecture, Attention, FeedForward, Layer, RunnableModelType } from './architecture'
import { runnableModelTypes, topKRouterSpec } from './architecture'
import { describe } from './describe/architecture'
import { ConfigError, problem } from './describe/config-error'
import { describeFile, modelTypeOf } from './describe/config-file'
import { found as asText } from './describe/config-keys'
import type {
  Block,
  GroupedAttention,
  LatentAttention,
  ModelDescription,
  MoeFeedForward,
  RotaryPositions
} from './describe/description'
import { deepseekV2, deepseekV3 } from './families/deepseek'
import type { Family } from './families/family'
import { glm4Moe } from './families/glm-moe'
import { gptOss } from './families/gpt-oss'
import { graniteMoe } from './families/granite-moe'
import { granite, llama, mistral } from './families/llama'
import { mixtral } from './families/mixtral'
import { olmoe } from './families/olmo'
import { qwen2, qwen2Moe, qwen3, qwen3Moe } from './families/qwen'
import { firstDifference } from './first-difference'
import { readScaling, writeScaling } from './rotary-scaling'

/** An architecture, or everything that the engine does not run of a model; what layers share stands once. */
export type Runnable = { readonly architecture: Architecture } | { readonly differences: readonly Difference[] }

/** Something of a model that the engine does not do. */
export interface Difference {
  /** The key of config.json that says so; for what no key says, its path in the description. */
  readonly key: string
  /** In words, what the engine does. */
  readonly expected: string
  readonly found: unknown
}

/** The architecture that the engine runs for a description, or why it does not run it. */
export function runnable(description: ModelDescription): Runnable {
  const differences = [...differencesOf(description)]
  if (differences.length > 0) return { differences }
  const architecture = architectureOf(description)
  if (!architecture) throw new TypeError('a description without differences has no architecture')
  // Whatever was not looked at above is compared with what will be computed.
  const other = firstDifference(describe(architecture), comparable(description))
  if (!other) return { architecture }
  const [key, expected, found] = other
  return { differences: [{ key, expected: `expected ${asText(expected)}`, found }] }
}

/** One sentence about a difference. */
export function differenceText({ key, expected, found }: Difference): string {
  return problem(key, `${expected}, found ${asText(found)}`)
}

/**
 * The architecture that a parsed Hugging Face config.json describes; missing keys take the defaults of transformers.
 * Throws `ConfigError`, naming the keys, for values that are wrong or contradict each other and for what the engine does
 * not run.
 */
export function readConfig(json: unknown): Architecture {
  const modelType = modelTypeOf(json)
  if (!isRunnableKind(modelType)) throw new ConfigError(differenceText(otherKind(modelType)))
  const family = families[modelType]
  const found = runnable(describeFile(json, (keys) => family.read(keys, modelType)))
  if ('architecture' in found) return found.architecture
  throw new ConfigError(found.differences.map(differenceText).join('; '))
}

/** The readers of these kinds alone, so that whoever only runs models loads no others. */
const families: Readonly<Record<RunnableModelType, Family>> = {
  llama,
  granite,
  mistral,
  qwen2,
  qwen3,
  mixtral,
  olmoe,
  granitemoe: graniteMoe,
  qwen2_moe: qwen2Moe,
  qwen3_moe: qwen3Moe,
  glm4_moe: glm4Moe,
  deepseek_v2: deepseekV2,
  deepseek_v3: deepseekV3,
  gpt_oss: gptOss
}

const kinds: readonly string[] = runnableModelTypes

function isRunnableKind(modelType: unknown): modelType is RunnableModelType {
  return typeof modelType === 'string' && kinds.includes(modelType)
}

function otherKind(modelType: unknown): Difference {
  return {
    key: 'model_type',
    expected: `expected one of ${kinds.join(', ')} (the kinds that can be run)`,
    found: modelType
  }
}

function* differencesOf(description: ModelDescription): Generator<Difference> {
  const { modelType, context, normEpsilon, nestedIn, stacks } = description
  if (!isRunnableKind(modelType)) {
    yield otherKind(modelType)
    return
  }
  if (nestedIn !== null) {
    const expected = 'models of several modalities are not supported: expected nothing'
    yield { key: nestedIn, expected, found: 'a language model' }
  }
  if (context === null) {
    yield { key: 'max_position_embeddings', expected: 'expected a positive integer', found: context }
  }
  if (normEpsilon === null) yield { key: 'rms_norm_eps', expected: 'expected a positive number', found: normEpsilon }
  const seen = new Set<string>()
  for (const block of new Set(stacks.flatMap(({ blocks }) => blocks))) {
    for (const difference of blockDifferences(block, description)) {
      if (!seen.has(difference.key)) yield difference
      seen.add(difference.key)
    }
  }
}

function* blockDifferences(block: Block, description: ModelDescription): Generator<Difference> {
  for (const mixer of block.mixers) {
    if (mixer.kind === 'attention') yield* attentionDifferences(mixer, description)
    else if (mixer.kind === 'latentAttention') yield* latentDifferences(mixer, description)
    else yield { key: 'mixers', expected: 'expected grouped attention', found: mixer.kind }
  }
  for (const network of block.feedForwards) {
    if (network.activation !== 'silu') {
      yield {
        key: 'hidden_act',
        expected: "expected 'silu', since only SwiGLU feed-forwards are supported",
        found: network.activation
      }
    }
    if (network.kind === 'dense' && network.bias) {
      yield { key: 'mlp_bias', expected: 'expected false (feed-forward biases are not supported)', found: true }
    }
  }
}

function* attentionDifferences(attention: GroupedAttention, description: ModelDescription): Generator<Difference> {
  const { headSize, queryKeyNorm, clip, rotary } = attention
  const { width } = description
  if (headSize % 2 !== 0) {
    const key = headSize * attention.heads === width ? 'hidden_size / num_attention_heads' : 'head_dim'
    yield { key, expected: 'expected an even head size, for rotary positions', found: headSize }
  }
  if (queryKeyNorm === 'headWithBias') {
    const expected = 'expected norms of queries and keys without a bias'
    yield { key: 'mixers.queryKeyNorm', expected, found: queryKeyNorm }
  }
  if (clip !== undefined) {
    const expected = 'expected null, since queries, keys and values that are cut off are not supported'
    yield { key: 'clip_qkv', expected, found: clip }
  }
  yield* scalingDifferences(rotary, description)
}

function* latentDifferences(attention: LatentAttention, description: ModelDescription): Generator<Difference> {
  const { plainHeadSize, rotaryHeadSize, valueHeadSize, rotary, indexer } = attention
  if (valueHeadSize > plainHeadSize + rotaryHeadSize) {
    const expected = `expected at most ${plainHeadSize + rotaryHeadSize}, the width of queries and keys`
    yield { key: 'v_head_dim', expected, found: valueHeadSize }
  }
  if (rotaryHeadSize % 2 !== 0) {
    yield { key: 'qk_rope_head_dim', expected: 'expected an even number', found: rotaryHeadSize }
  }
  if (indexer) yield { key: 'index_topk', expected: 'expected no indexer', found: indexer.topK }
  yield* scalingDifferences(rotary ?? null, description)
}

function* scalingDifferences(rotary: RotaryPositions | null, description: ModelDescription): Generator<Difference> {
  if (rotary?.scaling && !readScaling(rotary.scaling.parameters, description.context ?? 0)) {
    const { key, parameters } = rotary.scaling
    const expected = 'of rotary scalings linear, llama3 and yarn are supported, with all of their numbers: expected one'
    yield key === 'rope_scaling'
      ? { key, expected, found: parameters }
      : { key: 'rope_parameters.rope_type', expected, found: parameters.rope_type }
  }
}

/** A window at least as long as the context never hides a token. */
function hidesTokens(window: number | null, context: number | null): boolean {
  return window !== null && window < (context ?? Number.POSITIVE_INFINITY)
}

/** Undefined where a part has another form. */
function architectureOf(description: ModelDescription): Architecture | undefined {
  const { modelType, context, normEpsilon, stacks } = description
  const layers = (stacks[0]?.blocks ?? []).map((block) => layerOf(block, context))
  const [mixer] = stacks[0]?.blocks[0]?.mixers ?? []
  const rotary = mixer?.kind === 'attention' || mixer?.kind === 'latentAttention' ? mixer.rotary : undefined
  const ropeTheta = rotary?.base
  const ropeScaling = rotary?.scaling && readScaling(rotary.scaling.parameters, context ?? 0)
  const isComplete = layers.every((layer) => layer !== undefined)
  if (!isRunnableKind(modelType) || context === null || normEpsilon === null) return undefined
  if (!isComplete || ropeTheta === undefined) return undefined
  const { vocabularySize, width, tiedEmbeddings, multipliers } = description
  return {
    modelType,
    vocabularySize,
    width,
    context,
    tiedEmbeddings,
    normEpsilon,
    ropeTheta,
    ...(ropeScaling && { ropeScaling }),
    layers,
    ...(stacks[0]?.sharedBlocks && { sharedLayers: true }),
    ...(multipliers && { multipliers })
  }
}

function layerOf({ mixers: [mixer], feedForwards: [network] }: Block, context: number | null): Layer | undefined {
  if (!network) return undefined
  if (mixer?.kind === 'latentAttention') {
    return { attention: latentOf(mixer), feedForward: feedForwardOf(network) }
  }
  if (mixer?.kind !== 'attention') return undefined
  const { heads, keyValueHeads, headSize, bias, queryKeyNorm, window, rotarySize, sinks } = mixer
  return {
    attention: {
      heads,
      keyValueHeads,
      headSize,
      projectionBias: bias !== 'none',
      ...(bias === 'all' && { outputBias: true }),
      ...((queryKeyNorm === 'head' || queryKeyNorm === 'allHeads') && { queryKeyNorm }),
      ...(window !== null && hidesTokens(window, context) && { window }),
      ...(rotarySize !== undefined && { rotarySize }),
      ...(sinks && { sinks: true })
    },
    feedForward: feedForwardOf(network)
  }
}

function latentOf(mixer: LatentAttention): Attention {
  const { heads, queryRank, keyValueRank, plainHeadSize, rotaryHeadSize, valueHeadSize, bias, rotary } = mixer
  return {
    heads,
    keyValueHeads: heads,
    headSize: plainHeadSize + rotaryHeadSize,
    projectionBias: bias,
    ...(bias && { outputBias: true }),
    latent: {
      ...(queryRank !== null && { queryRank }),
      keyValueRank,
      rotarySize: rotaryHeadSize,
      valueSize: valueHeadSize,
      ...(rotary?.interleaved && { interleaved: true })
    }
  }
}

function feedForwardOf(network: Block['feedForwards'][number]): FeedForward {
  if (network.kind === 'dense') return { kind: 'dense', width: network.width }
  const { experts, topK, expertWidth, router, normaliseGates, sharedExperts, sharedExpertWidth } = network
  const sharedWidth = sharedExperts * sharedExpertWidth
  return {
    kind: 'moe',
    experts,
    topK,
    expertWidth,
    router: router ?? topKRouterSpec(normaliseGates ?? false),
    sharedWidth,
    ...(sharedWidth > 0 && !network.sharedGate && { ungatedShared: true }),
    ...(network.routerBias && { routerBias: true }),
    ...(network.expertBias && { expertBias: true }),
    ...(network.clamped && { clamped: true })
  }
}

/** A description as `describe` would give it: what is stored how and left out is no matter, nor are windows that hide nothing. */
function comparable(description: ModelDescription): ModelDescription {
  const opened = (block: Block): Block => ({
    ...block,
    mixers: block.mixers.map((mixer) => {
      if (mixer.kind === 'attention') return comparableAttention(mixer, description.context)
      if (mixer.kind !== 'latentAttention' || !mixer.rotary) return mixer
      return { ...mixer, rotary: comparableRotary(mixer.rotary, description.context) }
    }),
    feedForwards: block.feedForwards.map((each) => (each.kind === 'moe' ? comparableExperts(each) : each))
  })
  return {
    ...description,
    shippedFormat: 'fp32',
    quantisation: null,
    leftOut: [],
    notes: [],
    // It predicts further tokens, and nothing of the next.
    multiTokenPrediction: [],
    stacks: description.stacks.map((stack) => ({ ...stack, blocks: stack.blocks.map(opened) }))
  }
}

function comparableAttention(attention: GroupedAttention, context: number | null): GroupedAttention {
  const { window, rotary } = attention
  return {
    ...attention,
    window: hidesTokens(window, context) ? window : null,
    rotary: rotary && comparableRotary(rotary, context)
  }
}

function comparableRotary<Rotary extends RotaryPositions>(rotary: Rotary, context: number | null): Rotary {
  const scaling = rotary.scaling && readScaling(rotary.scaling.parameters, context ?? 0)
  return { ...rotary, scaling: scaling ? { key: 'rope_scaling', parameters: writeScaling(scaling) } : null }
}

/** Shared experts are one feed-forward, as wide as all of them. */
function comparableExperts(network: MoeFeedForward): MoeFeedForward {
  const width = network.sharedExperts * network.sharedExpertWidth
  return { ...network, sharedExperts: width > 0 ? 1 : 0, sharedExpertWidth: width }
}
