/** Reading a kind that no reader knows, as if it were built like Llama, Mixtral or DeepSeek. */
import { problemsOf } from '../../formats/problems'
import { ConfigError, problem, UnknownShapesError } from '../describe/config-error'
import { count, flag, type Keys, layerCount, size, wordOf } from '../describe/config-keys'
import type { FeedForward, ListedWeights, Mixer, ModelDescription } from '../describe/description'
import { denseNetwork, listed, moeNetwork } from '../describe/parts'
import { nemotronNas } from './deci'
import { keysOfLayers, withParts } from './loose-keys'
import { attentionOf, block, checkTopK, decoder } from './parts'
import { scheduleKeys, sparseLayers } from './sparse-layers'
import { isSize, type Meaning, namesOfMeaning, spellings } from './spellings'
import { namesOf, shapeKeys, unreadKeys } from './unread'

/** Schemas of the meanings that may be 0 or are bounded. */
const schemas: Partial<Record<Meaning, typeof size>> = {
  layers: layerCount,
  experts: count,
  sharedExperts: count,
  sharedWidth: count,
  firstDense: count
}

/** Names of meanings of which one is read, whichever others stand beside it. */
const alternatives = (['firstDense', 'feedForward', 'keyValueHeads', 'headSize', 'predictionSteps'] as const).flatMap(
  namesOfMeaning
)

/** The words for layers that differ in their window alone, so that they have the same weights. */
const windowWords = ['full_attention', 'sliding_attention', 'chunked_attention', 'attention', 'global', 'local']

/**
 * Describes a model by the names of its keys alone; one with `block_configs` as Nemotron-NAS. Sizes may be lists with one
 * for each layer. What is assumed, which keys were read and which are not known is said in `bestEffort`. Throws
 * `ConfigError` when width, layers, heads, feed-forward or vocabulary have no key that is known; an `UnknownShapesError`
 * where a key that was not read looks like a size or a schedule of layers.
 *
 * @param anyway true to give a figure even then
 */
export function readBestEffort(file: Keys, modelType: string, anyway = false): ModelDescription {
  if (Array.isArray(file.block_configs) && !nemotronNas.modelTypes.includes(modelType)) {
    const model = nemotronNas.read(file, modelType)
    return { ...model, bestEffort: [`'${modelType}' is not known: read by block_configs, as Nemotron-NAS has them`] }
  }
  const all = withParts(file)
  const read = new Set<string>(['model_type', 'architectures', ...alternatives])
  const keys = watched(all, read)
  const width = needed(keys, 'width')
  const layers = needed(keys, 'layers')
  const sparse = mayHaveExperts(keys)
    ? sparseLayers(keys, layers, (key) => numberIn(keys, key, count))
    : Array.from({ length: layers }, () => false)
  const loose = keysOfLayers(all, sparse)
  const parts = new Map<Keys, LayerParts>()
  const partsOf = (layer: number): LayerParts => {
    const own = loose(layer)
    const found = parts.get(own) ?? layerParts(watched(own, read), width)
    parts.set(own, found)
    return found
  }
  const perLayer = perLayerEmbedding(keys, layers)
  const blockOf = (layer: number) => {
    const { attention, window, dense, moe } = partsOf(layer)
    const isWindowed = attention.kind === 'attention' && window !== undefined && windowed.includes(typeOf(all, layer))
    const experts = sparse[layer] ? moe() : null
    const one = block(isWindowed ? { ...attention, window } : attention, experts ?? dense())
    const both = experts && isResidual(keys) ? { ...one, feedForwards: [dense(), experts] } : one
    return perLayer.block.length > 0 ? { ...both, extras: perLayer.block } : both
  }
  const tied = tiedIn(keys)
  const context = size.safeParse(
    namesOfMeaning('context')
      .map((name) => keys[name])
      .find((each) => each !== undefined)
  )
  const described = {
    vocab_size: needed(keys, 'vocabulary'),
    hidden_size: width,
    num_hidden_layers: layers,
    max_position_embeddings: context.success ? context.data : null,
    tie_word_embeddings: tied ?? false
  }
  const model = decoder(modelType, described, blockOf, perLayer.model)
  if (Array.isArray(all.layer_types) && all.layer_types.every((each) => windowWords.includes(each))) {
    read.add('layer_types')
  }
  for (const name of sameAgain(all, read)) read.add(name)
  const unread = unreadKeys(all, read)
  const shapes = shapeKeys(all, unread)
  if (shapes.length > 0 && !anyway) throw new UnknownShapesError(problem(shapes[0] ?? '', unknownShapes(shapes)))
  const { attention } = partsOf(0)
  const blocks = model.stacks.flatMap((stack) => stack.blocks)
  const networks = blocks.flatMap(({ feedForwards }) => feedForwards)
  const moeLayers = blocks.flatMap(({ feedForwards }, layer) => (feedForwards.some(isMoe) ? [layer] : []))
  return {
    ...model,
    bestEffort: [
      `'${modelType}' is not known: read by the names of its keys`,
      `keys that were read: ${namesOf(
        [...read].filter((key) => all[key] !== undefined && all[key] !== null),
        100
      )}`,
      ...(unread.length > 0 ? [`keys that are not known: ${namesOf(unread)}`] : []),
      attention.kind === 'attention'
        ? `attention is grouped, ${attention.bias === 'none' ? 'without biases' : 'with biases'} and ${attention.queryKeyNorm === 'none' ? 'without' : 'with'} norms of heads`
        : 'attention is latent',
      ...(moeLayers.length > 0
        ? [`${moeLayers.length} of ${layers} layers have experts, from ${moeLayers[0]} on`]
        : []),
      `feed-forwards ${moeLayers.length > 0 ? 'and experts ' : ''}are ${
        networks.some(({ gated }) => !gated) ? 'not gated (two matrices)' : 'gated (three matrices)'
      }`,
      ...(moeLayers.length > 0 && isResidual(keys) ? ['a dense feed-forward lies beside the experts'] : []),
      'two RMSNorms in each layer and one at the end',
      ...(optional(all, 'predictionSteps') ? ['blocks for multi-token prediction are not counted'] : []),
      ...(tied === undefined ? ['the output projection is not tied to the embedding'] : [])
    ]
  }
}

function tiedIn(keys: Keys): boolean | undefined {
  const untied = flagIn(keys, 'untie_embeddings_and_output_weights')
  const names = ['tie_word_embeddings', 'tied_embeddings', 'tie_embeddings', 'share_input_output_layers']
  return firstFlag(keys, ...names) ?? (untied === undefined ? undefined : !untied)
}

interface LayerParts {
  readonly attention: Mixer
  /** In the layers that `layer_types` says have one. */
  readonly window: number | undefined
  /** Read when a layer has it, since a model of experts alone says no width of it. */
  readonly dense: () => FeedForward
  /** null where the layer has none. */
  readonly moe: () => FeedForward | null
}

/** The parts of the layers with these keys. */
function layerParts(keys: Keys, width: number): LayerParts {
  return {
    attention: attentionIn(keys, width),
    window: (numberIn(keys, 'sliding_window', count) ?? numberIn(keys, 'attention_chunk_size', count)) || undefined,
    dense: once(() =>
      denseNetwork({
        width: numberIn(keys, 'dense_intermediate_size', size) ?? needed(keys, 'feedForward'),
        gated: isGated(keys),
        bias: firstFlag(keys, 'mlp_bias', ...biases) ?? false
      })
    ),
    moe: once(() => {
      const experts = optional(keys, 'experts') ?? 0
      return experts > 1 ? expertsIn(keys, experts) : null
    })
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** True where some layer has more than one expert. A file that says there are none may still have their sizes. */
function mayHaveExperts(keys: Keys): boolean {
  const name = nameOf(keys, 'experts')
  if (name === undefined) return false
  if (Array.isArray(keys[name])) return true
  const experts = numberIn(keys, name, count) ?? 0
  if (experts === 0) nameOf(keys, 'expertWidth')
  if (experts <= 1) nameOf(keys, 'topK')
  return experts > 1
}

/** Other names of what was read that say the same once more, and a count of one shared expert beside its width. */
function sameAgain(all: Keys, read: ReadonlySet<string>): string[] {
  const isWide = namesOfMeaning('sharedWidth').some((name) => all[name] !== undefined)
  const single = isWide ? namesOfMeaning('sharedExperts').filter((name) => all[name] === 1) : []
  const again = (Object.keys(spellings) as Meaning[]).flatMap((meaning) => {
    const names = namesOfMeaning(meaning).filter((name) => all[name] !== undefined)
    const [first] = names.filter((name) => read.has(name))
    return first === undefined ? [] : names.filter((name) => JSON.stringify(all[name]) === JSON.stringify(all[first]))
  })
  return [...single, ...again]
}

const isMoe = ({ kind }: FeedForward) => kind === 'moe'
const windowed = ['sliding_attention', 'chunked_attention', 'local']

function typeOf({ layer_types: types }: Keys, layer: number): string {
  return Array.isArray(types) ? wordOf(types[layer]) : ''
}

function isResidual(keys: Keys): boolean {
  return ['residual_moe', 'parallel_attn_mlp_res', 'moe_residual', 'use_residual'].some((key) => keys[key] === true)
}

/** Gated unless a flag or the activation says otherwise. */
function isGated(keys: Keys): boolean {
  const flags = ['use_glu', 'use_gated_mlp', 'gated_mlp', 'mlp_gated', 'ffn_with_glu', 'swiglu', 'gated_linear_unit']
  return firstFlag(keys, ...flags) ?? !/relu2|^relu$/.test(wordOf(keys.hidden_act ?? keys.mlp_hidden_act ?? ''))
}

/** Flags that put biases on every projection. */
const biases = ['use_bias', 'add_bias_linear', 'bias'] as const

function firstFlag(keys: Keys, ...names: readonly string[]): boolean | undefined {
  return names.map((name) => flagIn(keys, name)).find((each) => each !== undefined)
}

function unknownShapes(shapes: readonly string[]): string {
  const [first = ''] = shapes
  return `${isSize(first) ? 'not clear beside the other keys' : 'not known'}, and it looks like a size or a schedule of layers${
    shapes.length > 1 ? ` (so do ${namesOf(shapes.slice(1))})` : ''
  }: no figure without it; ask for a best effort again to have one all the same`
}

/** The keys, with each one that is asked for remembered. */
function watched(keys: Keys, read: Set<string>): Keys {
  return new Proxy(keys, {
    get: (target, key) => {
      if (typeof key === 'string') read.add(key)
      return Reflect.get(target, key)
    }
  })
}

function attentionIn(keys: Keys, width: number): Mixer {
  const heads = needed(keys, 'heads')
  const rank = optional(keys, 'latentRank')
  const bias = firstFlag(keys, 'attention_bias', ...biases) ?? false
  const inputBias = firstFlag(keys, 'qkv_bias', 'use_qkv_bias', 'add_qkv_bias') ?? false
  const norm = keys.use_qk_norm === true || keys.qk_norm === true || keys.qk_layernorm === true
  if (rank === undefined || keys.use_mla === false) {
    return attentionOf(
      {
        hidden_size: width,
        num_attention_heads: heads,
        num_key_value_heads: optional(keys, 'keyValueHeads') ?? null,
        head_dim: optional(keys, 'headSize') ?? null
      },
      { bias: bias ? 'all' : inputBias ? 'queryKeyValue' : 'none', queryKeyNorm: norm ? 'head' : 'none' }
    )
  }
  const part = (key: string, fallback: number) => numberIn(keys, key, size) ?? fallback
  return {
    kind: 'latentAttention',
    heads,
    queryRank: numberIn(keys, 'q_lora_rank', size) ?? null,
    keyValueRank: rank,
    plainHeadSize: part('qk_nope_head_dim', 128),
    rotaryHeadSize: part('qk_rope_head_dim', 64),
    valueHeadSize: part('v_head_dim', 128),
    bias,
    indexer: null
  }
}

function expertsIn(keys: Keys, experts: number): FeedForward {
  const expertWidth = optional(keys, 'expertWidth') ?? needed(keys, 'feedForward')
  const sharedWidth = optional(keys, 'sharedWidth') ?? numberIn(keys, 'shared_intermediate_size', count)
  const method = keys.topk_method === 'noaux_tc' || keys.use_expert_bias === true || keys.use_routing_bias === true
  const moe = moeNetwork({
    experts,
    topK: needed(keys, 'topK'),
    expertWidth,
    gated: isGated(keys),
    routerBias: method,
    latentWidth:
      numberIn(keys, 'moe_latent_size', size) ??
      numberIn(keys, 'routed_expert_hidden_size', size) ??
      numberIn(keys, 'moe_latent_dim', size) ??
      null,
    sharedExperts: sharedWidth === undefined ? (optional(keys, 'sharedExperts') ?? 0) : Math.sign(sharedWidth),
    sharedExpertWidth: sharedWidth ?? expertWidth
  })
  checkTopK(nameOf(keys, 'topK') ?? 'num_experts_per_tok', moe)
  return moe
}

/** Gemma 3n's table of a narrow vector for each layer, its projection, and in each layer a gate, a way back and a norm. */
function perLayerEmbedding(keys: Keys, layers: number) {
  const inner = numberIn(keys, 'hidden_size_per_layer_input', count) ?? 0
  if (inner === 0) return { model: {}, block: [] as ListedWeights[] }
  const rows = numberIn(keys, 'vocab_size_per_layer_input', size) ?? needed(keys, 'vocabulary')
  return {
    model: {
      lookups: [listed('embedding', 'embeddings of the layers', rows, layers * inner)],
      extras: [
        listed('other', 'projection for the layers', layers * inner, 'width'),
        listed('norms', 'norm of that projection', inner)
      ]
    },
    block: [
      listed('other', 'gate of the embedding', inner, 'width'),
      listed('other', 'projection of the embedding', 'width', inner),
      listed('norms', 'norm of the embedding', 'width')
    ]
  }
}

function needed(keys: Keys, meaning: Meaning): number {
  const value = optional(keys, meaning)
  if (value !== undefined) return value
  const [usual] = spellings[meaning]
  const strange = shapeKeys(keys, unreadKeys(keys, scheduleKeys)).filter((key) => !isSize(key))
  const others = strange.length > 0 ? ` under a usual name; if ${namesOf(strange)} says it, write it as ${usual}` : ''
  throw new ConfigError(problem(usual, `expected a positive integer, found nothing${others}`))
}

function optional(keys: Keys, meaning: Meaning): number | undefined {
  const name = nameOf(keys, meaning)
  if (name === undefined) return undefined
  return numberIn(keys, name, schemas[meaning] ?? size)
}

function nameOf(keys: Keys, meaning: Meaning): string | undefined {
  return namesOfMeaning(meaning).find((name) => keys[name] !== undefined && keys[name] !== null)
}

function numberIn(keys: Keys, key: string, schema: typeof size): number | undefined {
  const value = keys[key]
  if (value === undefined || value === null) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const list = Array.isArray(value) ? ', or a list with one for each layer' : ''
  throw new ConfigError(problem(key, `${problemsOf(parsed.error)}${list}`))
}

function flagIn(keys: Keys, key: string): boolean | undefined {
  if (keys[key] === undefined || keys[key] === null) return undefined
  const parsed = flag.safeParse(keys[key])
  if (parsed.success) return parsed.data
  throw new ConfigError(problem(key, problemsOf(parsed.error)))
}
