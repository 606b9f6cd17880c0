/** Decoders of transformers with experts that differ in few things; defaults are those of their classes. */
import { z } from 'zod'
import { expected } from '../describe/config-keys'
import type { GroupedAttention, ListedWeights, Mixer } from '../describe/description'
import { listed, listedMixer, moeNetwork } from '../describe/parts'
import { family } from './family'
import { describeFineGrained, sparseDefaults } from './fine-grained'
import { hyperConnection, hyperHead } from './hyper'
import {
  attentionTypes,
  count,
  countOrNull,
  decoderKeys,
  flag,
  layers,
  listOrNull,
  size,
  sizeOrNull,
  wordsOrNull
} from './keys'
import { describeLatent, indexerKeys, indexerOf, latentKeys } from './latent'
import { attentionOf, block, checkTopK, decoder, entryOf, type HeadKeys, windowOf } from './parts'

const windowKeys = { sliding_window: sizeOrNull(), layer_types: attentionTypes }

interface WindowedKeys extends HeadKeys {
  readonly num_hidden_layers: number
  readonly layer_types: readonly string[] | null
  readonly sliding_window: number | null
}

/** The attention of each layer, in a window where `layer_types` says so, or by a schedule of the family. */
function windowed(
  config: WindowedKeys,
  options: Partial<Omit<GroupedAttention, 'kind'>>,
  isWindowed: (layer: number) => boolean = () => false
): (layer: number) => Mixer {
  const attention = attentionOf(config, options)
  return (layer) =>
    layer < config.num_hidden_layers ? { ...attention, window: windowOf(config, layer, isWindowed) } : attention
}

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

/** Tencent's Hy3. */
export const hy3 = family(
  ['hy_v3'],
  decoderKeys({
    vocabulary: 120_832,
    width: 4096,
    heads: 64,
    keyValueHeads: 8,
    headSize: 128,
    context: 131_072
  }).extend({
    ...sparseDefaults({ feedForward: 13312, expertWidth: 1536, experts: 192, topK: 8, shared: 1, firstDense: 1 }),
    num_hidden_layers: layers(80),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none', queryKeyNorm: 'head' })
    const shared = (config.n_shared_experts ?? 0) * config.moe_intermediate_size
    return describeFineGrained(modelType, config, () => attention, {
      routerBias: true,
      dense: { bias: config.mlp_bias },
      block: (sparse) =>
        sparse && config.mlp_bias
          ? {
              extras: [
                listed('shared', 'shared expert biases', 2 * shared),
                listed('shared', 'shared expert bias', 'width')
              ]
            }
          : {}
    })
  }
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

const attentionWords = wordsOrNull('full_attention', 'minimax_m3_sparse')

/**
 * MiniMax-M3: grouped attention of which some layers choose blocks of keys by an indexer; the first layers are dense.
 * Published files have their schedules under `sparse_attention_config` and `moe_layer_freq`.
 */
export const miniMaxM3 = family(
  ['minimax_m3_vl_text', 'minimax_m3', 'minimax_m3_vl', 'minimax_m3_text'],
  decoderKeys({
    vocabulary: 200_064,
    width: 6144,
    heads: 64,
    keyValueHeads: 4,
    headSize: 128,
    context: 524_288
  }).extend({
    ...sparseDefaults({ feedForward: 3072, expertWidth: 3072, experts: 128, topK: 4 }),
    num_hidden_layers: layers(60),
    moe_intermediate_size: sizeOrNull(),
    dense_intermediate_size: size(12288),
    shared_intermediate_size: count(3072),
    index_n_heads: size(4),
    index_head_dim: size(128),
    sparse_attention_config: z
      .object({
        sparse_attention_freq: listOrNull(count(), 'a list of 0 and 1'),
        sparse_num_index_heads: sizeOrNull(),
        sparse_index_dim: sizeOrNull()
      })
      .nullish(),
    layer_types: attentionWords,
    num_mtp_modules: countOrNull()
  }),
  (config, modelType) => {
    const { sparse_attention_config: sparse, layer_types: types, num_hidden_layers: length } = config
    const heads = sparse?.sparse_num_index_heads ?? config.index_n_heads
    const headSize = sparse?.sparse_index_dim ?? config.index_head_dim
    const indexer = [
      listed('indexer', 'indexer queries', heads * headSize, 'width'),
      listed('indexer', 'indexer keys', headSize, 'width'),
      listed('indexer', 'indexer norms', 2 * headSize)
    ]
    const chooses = (layer: number): boolean => {
      if (layer >= length) return false
      if (types) return entryOf('layer_types', types, layer, length) === 'minimax_m3_sparse'
      const list = sparse?.sparse_attention_freq
      return list ? entryOf('sparse_attention_config.sparse_attention_freq', list, layer, length) > 0 : false
    }
    const keys = {
      ...config,
      moe_intermediate_size: config.moe_intermediate_size ?? config.intermediate_size,
      intermediate_size: config.dense_intermediate_size,
      n_shared_experts: config.shared_intermediate_size > 0 ? 1 : 0
    }
    const attention = attentionOf(config, { queryKeyNorm: 'head' })
    const modules = config.num_mtp_modules ?? 0
    return describeFineGrained(modelType, keys, () => attention, {
      routerBias: true,
      moe: { sharedExpertWidth: config.shared_intermediate_size },
      block: (_, layer) => (chooses(layer) ? { extras: indexer } : {}),
      model: { leftOut: modules > 0 ? [`num_mtp_modules (${modules} in the file, which are not known)`] : [] }
    })
  }
)

/** Step 3.5 and 3.7 Flash: windowed layers with heads of their own and gates of heads; the first layers are dense. */
export const step3p5 = family(
  ['step3p7_text', 'step3p5', 'step3p7', 'step3p5_text'],
  decoderKeys({
    vocabulary: 128_815,
    width: 4096,
    heads: 64,
    keyValueHeads: 8,
    headSize: 128,
    context: 128_000
  }).extend({
    ...sparseDefaults({ feedForward: 11264, expertWidth: 1280, experts: 288, topK: 8, firstDense: 3 }),
    num_hidden_layers: layers(45),
    share_expert_dim: count(1280),
    num_attention_groups: sizeOrNull(),
    num_sliding_attention_heads: sizeOrNull(),
    attention_other_setting: z
      .object({ num_attention_heads: sizeOrNull(), num_attention_groups: sizeOrNull() })
      .nullish(),
    moe_layers_enum: z.union([z.string(), listOrNull(count(), 'a list of layers')]).default(null),
    use_head_wise_attn_gate: flag(true),
    sliding_window: sizeOrNull(),
    layer_types: listOrNull(
      z.enum(['full_attention', 'sliding_attention']),
      'a list of full_attention, sliding_attention'
    ),
    num_nextn_predict_layers: countOrNull(0)
  }),
  (config, modelType) => {
    const { layer_types: types, num_hidden_layers: length, moe_layers_enum: sparse, mlp_layer_types: words } = config
    const named = typeof sparse === 'string' ? sparse.split(',').map(Number) : sparse
    const other = config.attention_other_setting
    const isWindowed = (layer: number) => types?.[layer] === 'sliding_attention'
    const attentionOfLayer = (layer: number) => {
      const own = isWindowed(layer)
      const keyValueHeads = (own ? other?.num_attention_groups : null) ?? config.num_attention_groups
      return attentionOf(
        {
          ...config,
          num_attention_heads:
            (own ? (config.num_sliding_attention_heads ?? other?.num_attention_heads) : null) ??
            config.num_attention_heads,
          num_key_value_heads: keyValueHeads ?? config.num_key_value_heads
        },
        { queryKeyNorm: 'head', window: own ? config.sliding_window : null }
      )
    }
    const keys = {
      ...config,
      mlp_layer_types:
        words ??
        (named
          ? Array.from({ length }, (_, layer) => (named.includes(layer) ? ('sparse' as const) : ('dense' as const)))
          : null)
    }
    return describeFineGrained(modelType, keys, attentionOfLayer, {
      routerBias: true,
      moe: { sharedExperts: config.share_expert_dim > 0 ? 1 : 0, sharedExpertWidth: config.share_expert_dim },
      block: (_, layer) =>
        config.use_head_wise_attn_gate
          ? { extras: [listed('attention', 'gates of the heads', attentionOfLayer(layer).heads, 'width')] }
          : {}
    })
  }
)

/** Mistral Small 4 and Large 3: DeepSeek's attention and experts with a plain router. */
export const mistral4 = family(
  ['mistral4', 'mistral_large_3', 'mistral_large3'],
  latentKeys.extend({
    ...sparseDefaults({ feedForward: 12288, expertWidth: 2048, experts: 128, topK: 4, shared: 1 }),
    vocab_size: size(131_072),
    hidden_size: size(4096),
    num_hidden_layers: layers(36),
    num_attention_heads: size(32),
    max_position_embeddings: sizeOrNull(1_048_576),
    q_lora_rank: sizeOrNull(1024),
    kv_lora_rank: size(256),
    qk_nope_head_dim: size(64)
  }),
  (config, modelType) => describeLatent(config, modelType, false)
)

/** SK Telecom's A.X K1: DeepSeek-V3 with a norm after the experts. */
export const axK1 = family(
  ['axk1'],
  latentKeys.extend({
    ...sparseDefaults({ feedForward: 18432, expertWidth: 2048, experts: 192, topK: 8, shared: 1, firstDense: 1 }),
    vocab_size: size(163_840),
    hidden_size: size(7168),
    num_hidden_layers: layers(61),
    num_attention_heads: size(64)
  }),
  (config, modelType) =>
    describeLatent(config, modelType, true, undefined, { block: (sparse) => ({ norms: sparse ? 3 : 2 }) })
)

/** A.X K2: queries, gated by each head's feature, come from two latents in one projection; norms with a gate. */
export const axK2 = family(
  ['axk2'],
  latentKeys.extend({
    ...sparseDefaults({ feedForward: 5120, expertWidth: 512, experts: 128, topK: 8, shared: 1, firstDense: 1 }),
    ...indexerKeys,
    vocab_size: size(163_840),
    hidden_size: size(2048),
    num_hidden_layers: layers(48),
    num_attention_heads: size(32),
    q_lora_rank: size(384),
    kv_lora_rank: size(128),
    qk_nope_head_dim: size(64),
    qk_rope_head_dim: size(32),
    v_head_dim: size(64),
    index_n_heads: size(16),
    gated_norm_rank: count(16)
  }),
  (config, modelType) => {
    const { num_attention_heads: heads, q_lora_rank: rank, gated_norm_rank: gate } = config
    const indexer = indexerOf(config)
    // Beyond the projection out of one latent: the second latent's half, and the gates from both.
    const gates =
      rank * heads * (config.qk_nope_head_dim + config.qk_rope_head_dim) + 2 * rank * heads * config.v_head_dim
    const normGate = (count: number) => listed('norms', 'gates of the norms', 2 * count * gate, 'width')
    return describeLatent(config, modelType, true, () => indexer, {
      block: (sparse) => ({
        extras: [listed('attention', 'queries and gates out of both latents', gates), normGate(sparse ? 2 : 1)]
      })
    })
  }
)

/** Tencent's Hy4: latent attention with gates, sinks and shared indexers, residual streams side by side. */
export const hy4 = family(
  ['hy_v4'],
  latentKeys.extend({
    ...sparseDefaults({ feedForward: 6912, expertWidth: 768, experts: 256, topK: 8, shared: 1, firstDense: 1 }),
    ...indexerKeys,
    vocab_size: size(120_832),
    hidden_size: size(2816),
    num_hidden_layers: layers(34),
    num_attention_heads: size(32),
    q_lora_rank: size(1536),
    qk_nope_head_dim: size(192),
    v_head_dim: size(256),
    index_n_heads: size(16),
    indexer_types: wordsOrNull('full', 'shared'),
    hc_mult: size(4)
  }),
  (config, modelType) => {
    const { indexer_types: types, num_hidden_layers: length, hc_mult: streams, num_attention_heads: heads } = config
    const shares = (layer: number) =>
      types !== null && layer < length && entryOf('indexer_types', types, layer, length) === 'shared'
    return describeLatent(
      config,
      modelType,
      true,
      (layer) => indexerOf(config, shares(layer) ? 'earlierLayer' : 'own'),
      {
        block: () => ({
          extras: [
            listed('attention', 'sinks', heads),
            listed('attention', 'output gate', heads * config.v_head_dim, 'width'),
            ...hyperConnection('attention', streams, 2 * streams, 2),
            ...hyperConnection('feed-forward', streams, 2 * streams, 2)
          ]
        }),
        model: { extras: hyperHead(streams) }
      }
    )
  }
)

/** ERNIE 4.5 VL, the language model: experts for text and narrower ones for pictures, one shared for both. */
export const ernieVlMoe = family(
  ['ernie4_5_vl_moe_text', 'ernie4_5_vl_moe', 'ernie4_5_moe_vl'],
  decoderKeys({ vocabulary: 103_424, width: 2560, heads: 20, keyValueHeads: 4, context: 131_072, tied: true }).extend({
    num_hidden_layers: layers(28),
    intermediate_size: size(12288),
    moe_intermediate_size: z
      .union(
        [size(), listOrNull(size(), 'widths of experts for text and for pictures')],
        expected('widths of experts for text and for pictures')
      )
      .default(null),
    moe_num_experts: z
      .union([size(), listOrNull(size(), 'numbers of experts')], expected('a number of experts, or one for each kind'))
      .default(64),
    moe_k: size(6),
    moe_num_shared_experts: count(2),
    mlp_layer_types: wordsOrNull('dense', 'sparse'),
    use_bias: flag(false).nullable()
  }),
  (config, modelType) => {
    const widths = config.moe_intermediate_size
    const [textWidth = 1536, pictureWidth = 512] = typeof widths === 'number' ? [widths, widths] : (widths ?? [])
    const experts =
      typeof config.moe_num_experts === 'number' ? config.moe_num_experts : (config.moe_num_experts?.[0] ?? 64)
    const of = (expertWidth: number, shared: number) =>
      moeNetwork({
        experts,
        topK: config.moe_k,
        expertWidth,
        routerBias: true,
        sharedExperts: shared,
        sharedExpertWidth: textWidth
      })
    const text = of(textWidth, config.moe_num_shared_experts)
    checkTopK('moe_k', text)
    const bias = config.use_bias === true
    const attention = attentionOf(config, { bias: bias ? 'all' : 'none' })
    const types = config.mlp_layer_types
    const dense = { kind: 'dense', width: config.intermediate_size, gated: true, bias, activation: null } as const
    const shared = config.moe_num_shared_experts * textWidth
    const biases = bias
      ? {
          extras: [
            listed('shared', 'shared expert biases', 2 * shared),
            listed('shared', 'shared expert bias', 'width')
          ]
        }
      : {}
    return decoder(modelType, config, (layer) => {
      const sparse = types ? entryOf('mlp_layer_types', types, layer, config.num_hidden_layers) === 'sparse' : layer > 0
      if (!sparse) return block(attention, dense)
      return { ...block(attention, text), feedForwards: [text, of(pictureWidth, 0)], ...biases }
    })
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

/** MiniCPM3 and Youtu-LLM: latent attention and dense feed-forwards. */
export const denseLatent = family(
  ['minicpm3', 'youtu'],
  latentKeys.omit({ num_experts_per_tok: true, moe_intermediate_size: true }).extend({
    vocab_size: size(73448),
    hidden_size: size(2560),
    num_hidden_layers: layers(62),
    num_attention_heads: size(40),
    intermediate_size: size(6400),
    max_position_embeddings: sizeOrNull(32768),
    tie_word_embeddings: flag(true),
    mlp_bias: flag(false)
  }),
  (config, modelType) =>
    describeLatent(
      { ...config, n_routed_experts: 0, num_experts_per_tok: 1, moe_intermediate_size: 1 },
      modelType,
      false,
      undefined,
      { dense: { bias: config.mlp_bias } }
    )
)

/**
 * DeepSeek-V4 (report of April 2026; DeepseekV4Config and modeling_deepseek_v4.py of transformers): keys and values are
 * one vector, compressed in most layers (every 4 tokens with an indexer, or every 128) beside a window; the output goes
 * through groups; all layers have experts, the first route by token; residual streams side by side.
 */
export const deepseekV4 = family(
  ['deepseek_v4', 'deepseek_ref'],
  decoderKeys({
    vocabulary: 129_280,
    width: 4096,
    heads: 64,
    keyValueHeads: 1,
    headSize: 512,
    context: 1_048_576
  }).extend({
    ...sparseDefaults({ feedForward: 2048, expertWidth: 2048, experts: 256, topK: 6, shared: 1 }),
    ...indexerKeys,
    num_hidden_layers: layers(43),
    q_lora_rank: size(1024),
    o_groups: size(8),
    o_lora_rank: size(1024),
    hc_mult: size(4),
    num_hash_layers: count(3),
    compress_ratios: listOrNull(count(), 'a list of 0, 4 and 128'),
    compress_rates: z.record(z.string(), size()).nullish(),
    layer_types: wordsOrNull('sliding_attention', 'compressed_sparse_attention', 'heavily_compressed_attention'),
    sliding_window: sizeOrNull(128),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const { num_hidden_layers: length, num_attention_heads: heads, hc_mult: streams, q_lora_rank: rank } = config
    const headSize = config.head_dim ?? 512
    const { o_groups: groups, o_lora_rank: outputRank, index_n_heads: indexHeads, index_head_dim: indexSize } = config
    const types = config.layer_types
    const ratio = (layer: number): number => {
      const rates = {
        sliding_attention: 0,
        compressed_sparse_attention: 4,
        heavily_compressed_attention: 128,
        ...config.compress_rates
      }
      if (types) return rates[entryOf('layer_types', types, layer, length)]
      if (config.compress_ratios) return config.compress_ratios[layer] ?? 0
      return layer < 2 || layer % 2 === 1 ? 128 : 4
    }
    const hasIndexer = (layer: number): boolean =>
      types ? types[layer] === 'compressed_sparse_attention' : ratio(layer) === 4
    const mixerOf = (layer: number): Mixer => {
      const rate = layer < length ? ratio(layer) : 0
      const chooses = layer < length && hasIndexer(layer)
      const entry = chooses ? 2 * headSize : headSize
      const compressor =
        rate === 0
          ? []
          : [
              listed('attention', 'compressed keys', entry, 'width'),
              listed('attention', 'gates of compressed keys', entry, 'width'),
              listed('attention', 'positions of compressed keys', rate, entry),
              listed('norms', 'norm of compressed keys', headSize)
            ]
      const indexer = chooses
        ? [
            listed('indexer', 'indexer keys', 2 * indexSize, 'width'),
            listed('indexer', 'gates of the indexer keys', 2 * indexSize, 'width'),
            listed('indexer', 'positions of the indexer keys', rate, 2 * indexSize),
            listed('indexer', 'norm of the indexer keys', indexSize),
            listed('indexer', 'indexer queries', indexHeads * indexSize, rank),
            listed('indexer', 'indexer head weights', indexHeads, 'width')
          ]
        : []
      return listedMixer(
        'compressed attention',
        [
          listed('attention', 'queries into their latent', rank, 'width'),
          listed('norms', 'norm of the queries', rank),
          listed('attention', 'queries out of their latent', heads * headSize, rank),
          listed('attention', 'keys and values', headSize, 'width'),
          listed('norms', 'norm of keys and values', headSize),
          listed('attention', 'outputs of the groups', groups * outputRank, (heads * headSize) / groups),
          listed('attention', 'attention output', 'width', groups * outputRank),
          listed('attention', 'sinks', heads),
          ...compressor,
          ...indexer
        ],
        {
          cachedValues: rate === 0 ? headSize : (headSize + (chooses ? indexSize : 0)) / rate,
          window: rate === 0 ? config.sliding_window : null,
          pairMultiplyAdds: (2 * heads * headSize) / Math.max(1, rate)
        }
      )
    }
    const words = config.mlp_layer_types
    const hashes = (layer: number) => (words ? words[layer] === 'hash_moe' : layer < config.num_hash_layers)
    const { n_routed_experts: experts, num_experts_per_tok: topK } = config
    const shared = (config.n_shared_experts ?? 0) * config.moe_intermediate_size
    return describeFineGrained(modelType, { ...config, mlp_layer_types: null }, mixerOf, {
      routerBias: false,
      moe: { sharedExperts: 1 },
      block: (_, layer) => ({
        extras: [
          // Token ids to experts, or a bias that balances the choice.
          hashes(layer)
            ? listed('router', 'experts of the tokens', config.vocab_size, topK)
            : listed('router', 'router bias', experts ?? 0),
          ...(config.mlp_bias
            ? [listed('shared', 'shared expert biases', 2 * shared), listed('shared', 'shared expert bias', 'width')]
            : []),
          ...hyperConnection('attention', streams),
          ...hyperConnection('feed-forward', streams)
        ]
      }),
      model: { extras: hyperHead(streams) }
    })
  }
)
