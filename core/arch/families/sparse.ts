/** Decoders of transformers with experts that differ in few things; defaults are those of their classes. */

import { z } from 'zod'
import { expected } from '../describe/config-keys'
import type { ListedWeights } from '../describe/description'
import { listed, moeNetwork } from '../describe/parts'
import { family } from './family'
import { describeFineGrained, sparseDefaults } from './fine-grained'
import { attentionTypes, count, countOrNull, decoderKeys, flag, layers, listOrNull, size, sizeOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, entryOf, type HeadKeys } from './parts'
import { windowed, windowKeys } from './windowed'

/** A gate without bias for each feature of the heads. */
function outputGate(config: HeadKeys): ListedWeights {
  const { heads, headSize } = attentionOf(config)
  return listed('attention', 'output gate', heads * headSize, 'width')
}

/** Arcee's Trinity: gated attention, norms before and after each part, a balanced router. */
export const afmoe = family(
  ['afmoe'],
  decoderKeys({ vocabulary: 200_192, width: 2048, heads: 16, keyValueHeads: 16, headSize: 128, context: 16384 }).extend(
    {
      ...sparseDefaults({ feedForward: 6144, expertWidth: 1408, experts: 64, topK: 6, shared: 2, firstDense: 1 }),
      num_hidden_layers: layers(32),
      attention_bias: flag(false),
      global_attn_every_n_layers: size(4),
      sliding_window: sizeOrNull(1024),
      layer_types: attentionTypes
    }
  ),
  (config, modelType) =>
    describeFineGrained(
      modelType,
      config,
      windowed(
        config,
        { bias: config.attention_bias ? 'all' : 'none', queryKeyNorm: 'head' },
        (layer) => (layer + 1) % config.global_attn_every_n_layers !== 0
      ),
      { routerBias: true, block: () => ({ norms: 4, extras: [outputGate(config)] }) }
    )
)

/** K-EXAONE (arXiv 2601.01739): three windowed layers to one full; a list or a number says which layers are dense. */
export const exaoneMoe = family(
  ['exaone_moe'],
  decoderKeys({ vocabulary: 102_400, width: 4096, heads: 32, keyValueHeads: 32, context: 2048 }).extend({
    ...sparseDefaults({ feedForward: 16384, expertWidth: 1024, experts: 64, topK: 8, shared: 1, firstDense: 1 }),
    num_hidden_layers: layers(32),
    ...windowKeys
  }),
  (config, modelType) =>
    describeFineGrained(modelType, config, windowed(config, { queryKeyNorm: 'head' }), { routerBias: true })
)

/** Upstage's Solar Open: GLM-4.5's router, no dense layer. */
export const solarOpen = family(
  ['solar_open'],
  decoderKeys({
    vocabulary: 196_608,
    width: 4096,
    heads: 64,
    keyValueHeads: 8,
    headSize: 128,
    context: 131_072
  }).extend({
    ...sparseDefaults({ feedForward: 10240, expertWidth: 1280, experts: 128, topK: 8, shared: 1 }),
    num_hidden_layers: layers(48),
    attention_bias: flag(false)
  }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'queryKeyValue' : 'none' })
    return describeFineGrained(modelType, config, () => attention, { routerBias: true })
  }
)

/** JetBrains' Mellum 2. */
export const mellum = family(
  ['mellum'],
  decoderKeys({ vocabulary: 98304, width: 2304, heads: 32, keyValueHeads: 4, headSize: 128, context: 131_072 }).extend({
    ...sparseDefaults({ feedForward: 7168, expertWidth: 896, experts: 64, topK: 8 }),
    num_hidden_layers: layers(28),
    attention_bias: flag(false),
    sliding_window: sizeOrNull(1024),
    layer_types: attentionTypes
  }),
  (config, modelType) =>
    describeFineGrained(
      modelType,
      config,
      windowed(config, { bias: config.attention_bias ? 'all' : 'none', queryKeyNorm: 'head' }),
      { routerBias: false }
    )
)

/** Poolside's Laguna: each layer has its number of heads and a gate of each head, or of each feature. */
export const laguna = family(
  ['laguna'],
  decoderKeys({
    vocabulary: 100_352,
    width: 2048,
    heads: 48,
    keyValueHeads: 8,
    headSize: 128,
    context: 131_072
  }).extend({
    ...sparseDefaults({ feedForward: 8192, expertWidth: 512, experts: 256, topK: 8, firstDense: 1 }),
    num_hidden_layers: layers(40),
    shared_expert_intermediate_size: count(512),
    attention_bias: flag(false),
    gating: z.union([z.boolean(), z.string()], expected('true, false or a word')).default(true),
    num_attention_heads_per_layer: listOrNull(size(), 'a list of numbers of heads'),
    sliding_window: sizeOrNull(512),
    layer_types: attentionTypes
  }),
  (config, modelType) => {
    const perHead = config.gating === true || config.gating === 'per-head'
    const heads = config.num_attention_heads_per_layer
    const headsOf = (layer: number) =>
      heads
        ? entryOf('num_attention_heads_per_layer', heads, layer, config.num_hidden_layers)
        : config.num_attention_heads
    return describeFineGrained(
      modelType,
      config,
      (layer) =>
        windowed(
          { ...config, num_attention_heads: headsOf(layer) },
          {
            bias: config.attention_bias ? 'all' : 'none',
            queryKeyNorm: 'head'
          }
        )(layer),
      {
        routerBias: true,
        moe: {
          sharedExperts: config.shared_expert_intermediate_size > 0 ? 1 : 0,
          sharedExpertWidth: config.shared_expert_intermediate_size
        },
        block: (_, layer) => {
          const gates = headsOf(layer) * (perHead ? 1 : (config.head_dim ?? 1))
          return { extras: [listed('attention', 'output gate', gates, 'width')] }
        }
      }
    )
  }
)

/** FlexOlmo (arXiv 2507.07024): OLMo 2 with experts of different owners. */
export const flexOlmo = family(
  ['flex_olmo'],
  decoderKeys({ vocabulary: 100_352, width: 4096, layers: 32, heads: 32, context: 4096 }).extend({
    intermediate_size: size(11008),
    num_experts: size(7),
    num_experts_per_tok: size(5),
    attention_bias: flag(false)
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.intermediate_size
    })
    checkTopK('num_experts_per_tok', moe)
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none', queryKeyNorm: 'allHeads' })
    return decoder(modelType, config, () => block(attention, moe))
  }
)

/** Command A with experts: attention and experts side by side after one norm; the first layers may be dense. */
export const cohere2Moe = family(
  ['cohere2_moe'],
  decoderKeys({ vocabulary: 256_000, width: 8192, heads: 64, headSize: 128, context: 8192, tied: true }).extend({
    ...sparseDefaults({ feedForward: 22528, expertWidth: 22528, experts: 8, topK: 2 }),
    num_hidden_layers: layers(40),
    moe_intermediate_size: sizeOrNull(),
    prefix_dense_intermediate_size: sizeOrNull(),
    attention_bias: flag(false),
    sliding_window: sizeOrNull(4096),
    layer_types: attentionTypes
  }),
  (config, modelType) => {
    const expertWidth = config.intermediate_size
    const keys = {
      ...config,
      moe_intermediate_size: expertWidth,
      intermediate_size: config.prefix_dense_intermediate_size ?? expertWidth
    }
    const attention = windowed(
      config,
      { bias: config.attention_bias ? 'all' : 'none' },
      (layer) => (layer + 1) % 4 !== 0
    )
    return describeFineGrained(modelType, keys, attention, {
      routerBias: false,
      block: () => ({ norm: 'layerWithoutBias', norms: 1 }),
      model: { finalNorm: 'layerWithoutBias' }
    })
  }
)

/** Aria (arXiv 2410.05993), the language model. */
export const aria = family(
  ['aria_text', 'aria'],
  decoderKeys({ vocabulary: 32000, width: 4096, layers: 32, heads: 32, context: 2048 }).extend({
    intermediate_size: size(4096),
    moe_num_experts: size(8),
    moe_topk: size(2),
    moe_num_shared_experts: count(2),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.moe_num_experts,
      topK: config.moe_topk,
      expertWidth: config.intermediate_size,
      sharedExperts: config.moe_num_shared_experts,
      sharedExpertWidth: config.intermediate_size
    })
    checkTopK('moe_topk', moe)
    const shared = config.moe_num_shared_experts * config.intermediate_size
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' })
    const extras = config.mlp_bias
      ? [listed('shared', 'shared expert biases', 2 * shared), listed('shared', 'shared expert bias', 'width')]
      : []
    return decoder(modelType, config, () => ({ ...block(attention, moe), extras }))
  }
)

/** Granite with experts, windows and sinks. */
export const graniteMoeSwa = family(
  ['granitemoe_swa'],
  decoderKeys({ vocabulary: 32000, width: 4096, layers: 32, heads: 32, context: 2048 }).extend({
    intermediate_size: size(11008),
    num_local_experts: size(8),
    num_experts_per_tok: size(2),
    attention_bias: flag(false),
    shared_intermediate_size: countOrNull(0),
    sliding_window: sizeOrNull(128),
    layer_types: attentionTypes
  }),
  (config, modelType) => {
    const shared = config.shared_intermediate_size ?? 0
    const moe = moeNetwork({
      experts: config.num_local_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.intermediate_size,
      sharedExperts: shared > 0 ? 1 : 0,
      sharedExpertWidth: shared
    })
    checkTopK('num_experts_per_tok', moe)
    const attention = windowed(
      config,
      { bias: config.attention_bias ? 'all' : 'none', sinks: true },
      (layer) => layer % 4 !== 0
    )
    return decoder(modelType, config, (layer) => block(attention(layer), moe))
  }
)
