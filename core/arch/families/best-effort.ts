/** Reading a kind that no reader knows, as if it were built like Llama, Mixtral or DeepSeek. */
import { problemsOf } from '../../formats/problems'
import { ConfigError, problem, UnknownShapesError } from '../describe/config-error'
import { count, flag, isObject, type Keys, layerCount, size, wordOf } from '../describe/config-keys'
import type { FeedForward, ListedWeights, Mixer, ModelDescription } from '../describe/description'
import { denseNetwork, listed, moeNetwork } from '../describe/parts'
import { attentionOf, block, checkTopK, decoder } from './parts'
import { type Meaning, namesOfMeaning, spellings } from './spellings'
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
 * Describes a model by the names of its keys alone. What is assumed, which keys were read and which are not known is said
 * in `bestEffort`. Throws `ConfigError` when width, layers, heads, feed-forward or vocabulary have no key that is known;
 * an `UnknownShapesError` where a key that was not read looks like a size or a schedule of layers.
 *
 * @param anyway true to give a figure even then
 */
export function readBestEffort(all: Keys, modelType: string, anyway = false): ModelDescription {
  const read = new Set<string>(['model_type', 'architectures', ...alternatives])
  const keys = watched(all, read)
  const width = needed(keys, 'width')
  const attention = attentionIn(keys, width)
  const experts = optional(keys, 'experts') ?? 0
  const moe = experts > 1 ? expertsIn(keys, experts) : null
  const layers = needed(keys, 'layers')
  const [schedule, words] = moe ? scheduleIn(keys, layers) : [() => false, '']
  const denseWidth = () => numberIn(keys, 'dense_intermediate_size', size) ?? needed(keys, 'feedForward')
  const isGated = !/relu2|^relu$/.test(wordOf(keys.hidden_act ?? keys.mlp_hidden_act ?? ''))
  const dense = () => denseNetwork({ width: denseWidth(), gated: isGated, bias: flagIn(keys, 'mlp_bias') ?? false })
  const residual = moe && (keys.residual_moe === true || keys.parallel_attn_mlp_res === true) ? dense() : null
  const windows = windowsIn(keys, layers)
  const blockOf = (layer: number) => {
    const feedForward: FeedForward = moe && schedule(layer) ? moe : dense()
    const window = windows?.[layer]
    const mixer = attention.kind === 'attention' && typeof window === 'number' ? { ...attention, window } : attention
    const one = block(mixer, feedForward)
    const both = feedForward === moe && residual ? { ...one, feedForwards: [residual, moe] } : one
    return perLayer.block.length > 0 ? { ...both, extras: perLayer.block } : both
  }
  const perLayer = perLayerEmbedding(keys, layers)
  const tied = flagIn(keys, 'tie_word_embeddings')
  const context = size.safeParse(keys.max_position_embeddings)
  const described = {
    vocab_size: needed(keys, 'vocabulary'),
    hidden_size: width,
    num_hidden_layers: layers,
    max_position_embeddings: context.success ? context.data : null,
    tie_word_embeddings: tied ?? false
  }
  const model = decoder(modelType, described, blockOf, perLayer.model)
  const types = all.layer_types
  const onlyWindows = Array.isArray(types) && types.every((each) => windowWords.includes(each))
  if (!onlyWindows) read.delete('layer_types')
  const unread = unreadKeys(all, read)
  const shapes = shapeKeys(all, unread)
  if (shapes.length > 0 && !anyway) throw new UnknownShapesError(problem(shapes[0] ?? '', unknownShapes(shapes)))
  return {
    ...model,
    bestEffort: [
      `'${modelType}' is not known: read by the names of its keys`,
      `keys that were read: ${namesOf([...read].filter((key) => all[key] !== undefined && all[key] !== null))}`,
      ...(unread.length > 0 ? [`keys that are not known: ${namesOf(unread)}`] : []),
      attention.kind === 'attention'
        ? `attention is grouped, ${attention.bias === 'none' ? 'without biases' : 'with biases'} and ${attention.queryKeyNorm === 'none' ? 'without' : 'with'} norms of heads`
        : 'attention is latent',
      moe ? `${words}; experts are gated and have no biases` : 'feed-forwards are as wide as their key says',
      ...(residual ? ['a dense feed-forward lies beside the experts'] : []),
      'two RMSNorms in each layer and one at the end',
      ...(optional(all, 'predictionSteps') ? ['blocks for multi-token prediction are not counted'] : []),
      ...(tied === undefined ? ['the output projection is not tied to the embedding'] : [])
    ]
  }
}

function unknownShapes(shapes: readonly string[]): string {
  return `not known, and it looks like a size or a schedule of layers${
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
  const bias = flagIn(keys, 'attention_bias') ?? false
  const inputBias = flagIn(keys, 'qkv_bias') ?? flagIn(keys, 'use_qkv_bias') ?? false
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
    routerBias: method,
    latentWidth: numberIn(keys, 'moe_latent_size', size) ?? numberIn(keys, 'routed_expert_hidden_size', size) ?? null,
    sharedExperts: sharedWidth === undefined ? (optional(keys, 'sharedExperts') ?? 0) : Math.sign(sharedWidth),
    sharedExpertWidth: sharedWidth ?? expertWidth
  })
  checkTopK(nameOf(keys, 'topK') ?? 'num_experts_per_tok', moe)
  return moe
}

/** Which layers have experts, by every usual key of such a schedule, and in words. */
function scheduleIn(keys: Keys, layers: number): [(layer: number) => boolean, string] {
  for (const key of ['is_moe_layer', 'moe_layer_freq', 'mlp_layer_types', 'moe_layers', 'moe_layers_enum']) {
    const list = keys[key]
    if (!Array.isArray(list)) continue
    const isList = list.length === layers && !key.startsWith('moe_layers')
    const sparse = isList
      ? list.map((each) => each === true || each === 1 || each === 'sparse' || each === 'moe')
      : Array.from({ length: layers }, (_, layer) => list.includes(layer))
    return [(layer) => sparse[layer] ?? false, `the layers that ${key} names have experts`]
  }
  const firstDense = optional(keys, 'firstDense') ?? 0
  const step = [
    'decoder_sparse_step',
    'moe_layer_freq',
    'moe_layer_interval',
    'interleave_moe_layer_step',
    'moe_every_n_layers'
  ]
    .map((key) => numberIn(keys, key, size))
    .find((each) => each !== undefined)
  const { mlp_only_layers: only } = keys
  const dense = Array.isArray(only) ? only : []
  return [
    (layer) => layer >= firstDense && (layer + 1) % (step ?? 1) === 0 && !dense.includes(layer),
    `every ${step === undefined || step === 1 ? '' : `${step}th `}layer from ${firstDense} on has experts${dense.length > 0 ? `, without those of mlp_only_layers` : ''}`
  ]
}

/** The windows of the layers by `layer_types`; undefined where its words say more than that. */
function windowsIn(keys: Keys, layers: number): (number | null)[] | undefined {
  const types = keys.layer_types
  const window = numberIn(keys, 'sliding_window', count) ?? numberIn(keys, 'attention_chunk_size', count)
  if (!Array.isArray(types) || types.length !== layers) return undefined
  return types.map((each) =>
    ['sliding_attention', 'chunked_attention', 'local'].includes(each) && window ? window : null
  )
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
  throw new ConfigError(problem(usual, 'expected a positive integer, found nothing'))
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
  if (value === undefined || value === null || Array.isArray(value) || isObject(value)) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ConfigError(problem(key, problemsOf(parsed.error)))
}

function flagIn(keys: Keys, key: string): boolean | undefined {
  if (keys[key] === undefined || keys[key] === null) return undefined
  const parsed = flag.safeParse(keys[key])
  if (parsed.success) return parsed.data
  throw new ConfigError(problem(key, problemsOf(parsed.error)))
}
