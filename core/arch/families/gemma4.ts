/** Gemma 3n and 4: wide heads in full layers, keys and values of earlier layers, an embedding for each layer. */
import { z } from 'zod'
import { check, schemaError } from '../describe/config-error'
import { expected } from '../describe/config-keys'
import type { Block, GroupedAttention, ListedWeights, ModelDescription } from '../describe/description'
import { denseNetwork, listed, moeNetwork } from '../describe/parts'
import { type Family, family } from './family'
import { attentionTypes, count, countOrNull, decoderKeys, flag, listOrNull, size, sizeOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, entryOf } from './parts'

/** In each layer a gate of the layer's own embedding, the way back and a norm (Gemma 3n, `per_layer_input_gate`). */
function layerEmbedding(inner: number): ListedWeights[] {
  if (inner === 0) return []
  return [
    listed('other', 'gate of the embedding of the layer', inner, 'width'),
    listed('other', 'projection of the embedding of the layer', 'width', inner),
    listed('norms', 'norm of the embedding of the layer', 'width')
  ]
}

/** The table of these embeddings, and the projection of the token's own. */
function layerTables(rows: number, layers: number, inner: number): Pick<ModelDescription, 'lookups' | 'extras'> {
  if (inner === 0) return {}
  return {
    lookups: [listed('embedding', 'embeddings of the layers', rows, layers * inner)],
    extras: [
      listed('other', 'projection for the layers', layers * inner, 'width'),
      listed('norms', 'norm of that projection', inner)
    ]
  }
}

/** Layers that use an earlier one's keys and values have only the norm of their queries. */
function withoutKeys(attention: GroupedAttention): [GroupedAttention, ListedWeights[]] {
  const { headSize } = attention
  return [
    { ...attention, source: 'earlierLayer', queryKeyNorm: 'none' },
    [listed('norms', 'norm of queries', headSize)]
  ]
}

const sharedKeys = {
  sliding_window: sizeOrNull(512),
  layer_types: attentionTypes,
  attention_bias: flag(false),
  num_kv_shared_layers: countOrNull(0)
}

/**
 * Gemma 4 (model card of April 2026; Gemma4TextConfig of transformers): full layers have heads of `global_head_dim`, and
 * where `attention_k_eq_v` says so no projection of values. `layer_scalar`, one number a layer that is not trained, is not
 * counted. With `enable_moe_block` experts lie beside the feed-forward.
 */
const gemma4Of = (modelTypes: readonly string[], inner: number): Family =>
  family(
    modelTypes,
    decoderKeys({
      vocabulary: 262_144,
      width: 2304,
      layers: 30,
      heads: 8,
      keyValueHeads: 4,
      headSize: 256,
      context: 131_072,
      tied: true
    }).extend({
      ...sharedKeys,
      intermediate_size: size(9216),
      global_head_dim: sizeOrNull(512),
      num_global_key_value_heads: sizeOrNull(),
      per_layer_config: z
        .record(z.string(), z.object({ head_dim: sizeOrNull(), num_key_value_heads: sizeOrNull() }))
        .nullish(),
      attention_k_eq_v: flag(false),
      use_double_wide_mlp: flag(false),
      hidden_size_per_layer_input: countOrNull(inner),
      vocab_size_per_layer_input: count(262_144),
      enable_moe_block: flag(false),
      num_experts: sizeOrNull(),
      top_k_experts: sizeOrNull(),
      moe_intermediate_size: sizeOrNull()
    }),
    (config, modelType) => {
      const { num_hidden_layers: length, layer_types: types, per_layer_config: own } = config
      const byLayer = new Map(Object.entries(own ?? {}).map(([key, value]) => [Number(key), value]))
      const isFull = (layer: number): boolean =>
        layer === length - 1 ||
        (types ? entryOf('layer_types', types, layer, length) === 'full_attention' : (layer + 1) % 6 === 0)
      const attentionOfLayer = (layer: number): GroupedAttention => {
        const full = isFull(layer)
        const wide = byLayer.get(layer)
        const headSize = own ? wide?.head_dim : full ? config.global_head_dim : null
        const heads = own
          ? wide?.num_key_value_heads
          : full && config.attention_k_eq_v
            ? config.num_global_key_value_heads
            : null
        return attentionOf(
          {
            ...config,
            head_dim: headSize ?? config.head_dim,
            num_key_value_heads: heads ?? config.num_key_value_heads
          },
          {
            bias: config.attention_bias ? 'all' : 'none',
            queryKeyNorm: 'head',
            window: full ? null : config.sliding_window,
            ...(full && config.attention_k_eq_v ? { valuesAreKeys: true } : {})
          }
        )
      }
      const inner = config.hidden_size_per_layer_input ?? 0
      const shared = config.num_kv_shared_layers ?? 0
      const isShared = (layer: number) =>
        layer >= length - shared && (length > shared || modelType.endsWith('_assistant'))
      const moe = config.enable_moe_block
        ? moeNetwork({
            experts: config.num_experts ?? 0,
            topK: config.top_k_experts ?? 0,
            expertWidth: config.moe_intermediate_size ?? 0,
            // A scale for each expert.
            routerBias: true
          })
        : null
      if (moe) {
        check(moe.experts > 0, 'num_experts', 'expected a positive integer with enable_moe_block', config.num_experts)
        check(moe.topK > 0, 'top_k_experts', 'expected a positive integer with enable_moe_block', config.top_k_experts)
        checkTopK('top_k_experts', moe)
      }
      const besides = [...layerEmbedding(inner), ...(moe ? [listed('router', 'scale of the router', 'width')] : [])]
      const blockOf = (layer: number): Block => {
        const whole = attentionOfLayer(layer)
        const [attention, norms] = isShared(layer) ? withoutKeys(whole) : [whole, []]
        const width = config.intermediate_size * (config.use_double_wide_mlp && isShared(layer) ? 2 : 1)
        const one = block(attention, denseNetwork({ width }), { norms: moe ? 7 : 4, extras: [...besides, ...norms] })
        return moe ? { ...one, feedForwards: [...one.feedForwards, moe] } : one
      }
      return decoder(modelType, config, blockOf, layerTables(config.vocab_size_per_layer_input, length, inner))
    }
  )

/**
 * Gemma 4's assistants (Gemma4AssistantConfig), which draft tokens for a model of `backbone_hidden_size`: a small Gemma 4
 * without keys and values of its own, and the ways in and out.
 */
const assistant = (text: Family, modelType: string): Family => {
  const outside = z.object({
    hidden_size: size(),
    backbone_hidden_size: size(1536),
    use_ordered_embeddings: flag(false),
    num_centroids: size(2048)
  })
  return {
    modelTypes: [modelType],
    read: (keys, name) => {
      const shared = keys.num_kv_shared_layers || keys.num_hidden_layers
      const described = text.read({ ...keys, num_kv_shared_layers: shared }, name)
      const parsed = outside.safeParse(keys)
      if (!parsed.success) throw schemaError(parsed.error)
      const { backbone_hidden_size: other, use_ordered_embeddings: ordered, num_centroids: centroids } = parsed.data
      return {
        ...described,
        extras: [
          ...(described.extras ?? []),
          listed('other', 'projections from and to the model it drafts for', 3 * other, 'width'),
          ...(ordered ? [listed('output', 'centroids of the vocabulary', centroids, 'width')] : [])
        ]
      }
    }
  }
}

export const gemma4 = gemma4Of(['gemma4_text', 'gemma4'], 256)
export const gemma4Unified = gemma4Of(['gemma4_unified_text', 'gemma4_unified'], 0)
export const gemma4Assistant = assistant(gemma4, 'gemma4_assistant')
export const gemma4UnifiedAssistant = assistant(gemma4Unified, 'gemma4_unified_assistant')

/** Gemma 3n (MatFormer, AltUp, LAuReL; Gemma3nTextConfig of transformers). */
export const gemma3n = family(
  ['gemma3n_text', 'gemma3n'],
  decoderKeys({
    vocabulary: 262_400,
    width: 2048,
    layers: 35,
    heads: 8,
    keyValueHeads: 2,
    headSize: 256,
    context: 32768,
    tied: true
  }).extend({
    ...sharedKeys,
    num_kv_shared_layers: count(15),
    intermediate_size: z
      .union([size(), listOrNull(size(), 'a list of widths')], expected('a width or a list of widths'))
      .default(16384),
    hidden_size_per_layer_input: count(256),
    vocab_size_per_layer_input: size(262_144),
    altup_num_inputs: size(4),
    laurel_rank: size(64)
  }),
  (config, modelType) => {
    const { num_hidden_layers: length, layer_types: types, altup_num_inputs: inputs, laurel_rank: rank } = config
    const widths = config.intermediate_size
    const isShared = (layer: number) =>
      layer >= length - config.num_kv_shared_layers && length > config.num_kv_shared_layers
    const inner = config.hidden_size_per_layer_input
    const besides = [
      ...layerEmbedding(inner),
      { ...listed('norms', 'norm and scale of AltUp', 'width'), copies: 2 },
      listed('other', 'coefficients of AltUp', inputs ** 2 * (inputs + 1)),
      listed('other', 'router of AltUp', inputs, 'width'),
      { ...listed('other', 'LAuReL', rank, 'width'), copies: 2 },
      listed('norms', 'norm of LAuReL', 'width')
    ]
    const blockOf = (layer: number): Block => {
      const slides = types
        ? entryOf('layer_types', types, layer, length) === 'sliding_attention'
        : (layer + 1) % 5 !== 0
      const whole = attentionOf(config, {
        bias: config.attention_bias ? 'all' : 'none',
        queryKeyNorm: 'head',
        window: slides ? config.sliding_window : null
      })
      const [attention, norms] = isShared(layer) ? withoutKeys(whole) : [whole, []]
      const width = typeof widths === 'number' ? widths : entryOf('intermediate_size', widths ?? [], layer, length)
      return block(attention, denseNetwork({ width }), { norms: 4, extras: [...besides, ...norms] })
    }
    const tables = layerTables(config.vocab_size_per_layer_input, length, inner)
    const streams = { ...listed('other', 'projections of AltUp', 'width', 'width'), copies: 2 * (inputs - 1) }
    return decoder(modelType, config, blockOf, { ...tables, extras: [...(tables.extras ?? []), streams] })
  }
)
