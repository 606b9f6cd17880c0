/** DeepSeek and what is built like it: fine-grained experts with shared ones, from V2 on with latent attention. */
import { z } from 'zod'
import { check } from '../config-error'
import type { Block, FeedForward, Indexer, LatentAttention, PredictionModule } from '../description'
import { denseNetwork, moeNetwork } from '../description-parts'
import { family } from './family'
import { count, countOrNull, decoderKeys, flag, layers, listOrNull, size, sizeOrNull, wordsOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, entryOf } from './parts'

const sparseKeys = z.object({
  intermediate_size: size(),
  moe_intermediate_size: size(),
  n_routed_experts: countOrNull(),
  n_shared_experts: countOrNull(),
  num_experts_per_tok: size(),
  first_k_dense_replace: count(0),
  moe_layer_freq: z.union([size(1), listOrNull(count(), 'a positive integer or a list of 0 and 1')]).default(1),
  mlp_layer_types: wordsOrNull('dense', 'sparse'),
  num_hidden_layers: layers()
})

type SparseKeys = z.infer<typeof sparseKeys>

/** Which layers have experts: a list of words or of 0 and 1 says so, or an interval after the first dense layers. */
function isSparse(config: SparseKeys, layer: number): boolean {
  const { moe_layer_freq: frequency, mlp_layer_types: types, num_hidden_layers: count } = config
  if (!config.n_routed_experts) return false
  if (types) return entryOf('mlp_layer_types', types, layer, count) === 'sparse'
  if (typeof frequency === 'object' && frequency !== null) return entryOf('moe_layer_freq', frequency, layer, count) > 0
  return layer >= config.first_k_dense_replace && layer % (frequency ?? 1) === 0
}

/** Experts of `moe_intermediate_size`; the shared ones, of the same width, are one feed-forward. */
function expertsOf(config: SparseKeys, routerBias: boolean): FeedForward {
  const moe = moeNetwork({
    experts: config.n_routed_experts ?? 0,
    topK: config.num_experts_per_tok,
    expertWidth: config.moe_intermediate_size,
    routerBias,
    sharedExperts: config.n_shared_experts ?? 0,
    sharedExpertWidth: config.moe_intermediate_size
  })
  if (config.n_routed_experts) checkTopK('num_experts_per_tok', moe)
  return moe
}

/** Dai et al. 2024 (arXiv 2401.06066; modeling_deepseek.py of deepseek-moe-16b-base): ordinary attention. */
export const deepseek = family(
  ['deepseek'],
  decoderKeys({})
    .extend(sparseKeys.shape)
    .extend({ attention_bias: flag(false) }),
  (config, modelType) => {
    const moe = expertsOf(config, false)
    const dense = denseNetwork({ width: config.intermediate_size })
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' })
    return decoder(modelType, config, (layer) => block(attention, isSparse(config, layer) ? moe : dense))
  }
)

/** dots.llm1 (arXiv 2506.05767; modeling_dots1.py): ordinary attention with norms of heads, a balanced router. */
export const dots1 = family(
  ['dots1'],
  decoderKeys({ headSize: 128 })
    .extend(sparseKeys.shape)
    .extend({ attention_bias: flag(false) }),
  (config, modelType) => {
    const moe = expertsOf(config, true)
    const dense = denseNetwork({ width: config.intermediate_size })
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none', queryKeyNorm: 'head' })
    return decoder(modelType, config, (layer) => block(attention, isSparse(config, layer) ? moe : dense))
  }
)

const glmDefaults = { vocabulary: 151_552, width: 4096, layers: 46, heads: 96, keyValueHeads: 8, context: 131_072 }

/**
 * GLM-4.5 (arXiv 2508.06471); defaults and structure of Glm4MoeConfig: `attention_bias` leaves the output projection
 * out, norms of heads only with `use_qk_norm`.
 */
export const glm4Moe = family(
  ['glm4_moe'],
  decoderKeys(glmDefaults)
    .extend(sparseKeys.shape)
    .extend({
      num_hidden_layers: layers(46),
      intermediate_size: size(10944),
      moe_intermediate_size: size(1408),
      n_routed_experts: countOrNull(128),
      n_shared_experts: countOrNull(1),
      num_experts_per_tok: size(8),
      first_k_dense_replace: count(1),
      attention_bias: flag(false),
      use_qk_norm: flag(false),
      num_nextn_predict_layers: countOrNull(0)
    }),
  (config, modelType) => {
    const moe = expertsOf(config, true)
    const dense = denseNetwork({ width: config.intermediate_size })
    const attention = attentionOf(config, {
      bias: config.attention_bias ? 'queryKeyValue' : 'none',
      queryKeyNorm: config.use_qk_norm ? 'head' : 'none'
    })
    return decoder(modelType, config, (layer) => block(attention, isSparse(config, layer) ? moe : dense), {
      multiTokenPrediction: prediction(config.num_nextn_predict_layers, block(attention, moe))
    })
  }
)

/**
 * Each step of multi-token prediction has a block with experts, a projection of its own and three norms: of the hidden
 * state, of the embedding and before the head (DeepSeek-V3, arXiv 2412.19437, section 2.2).
 */
function prediction(steps: number | null, sparse: Block): PredictionModule[] {
  return Array.from({ length: steps ?? 0 }, () => ({ blocks: [sparse], projections: 1, norm: 'rms', norms: 3 }))
}

/** Widths of latent attention; `num_key_value_heads` and `head_dim` mean nothing beside them. */
const latentKeys = decoderKeys({})
  .extend(sparseKeys.shape)
  .extend({
    q_lora_rank: sizeOrNull(1536),
    kv_lora_rank: size(512),
    qk_nope_head_dim: size(128),
    qk_rope_head_dim: size(64),
    v_head_dim: size(128),
    attention_bias: flag(false),
    topk_method: z.string().nullable().default(null),
    num_nextn_predict_layers: countOrNull(0)
  })

type LatentKeys = z.infer<typeof latentKeys>

function latentAttention(config: LatentKeys, indexer: Indexer | null = null): LatentAttention {
  return {
    kind: 'latentAttention',
    heads: config.num_attention_heads,
    queryRank: config.q_lora_rank,
    keyValueRank: config.kv_lora_rank,
    plainHeadSize: config.qk_nope_head_dim,
    rotaryHeadSize: config.qk_rope_head_dim,
    valueHeadSize: config.v_head_dim,
    bias: config.attention_bias,
    indexer
  }
}

function describeLatent(
  config: LatentKeys,
  modelType: string,
  routerBias: boolean,
  indexerOf: (layer: number) => Indexer | null = () => null
) {
  const moe = expertsOf(config, routerBias)
  const dense = denseNetwork({ width: config.intermediate_size })
  const last = config.num_hidden_layers
  const blockOf = (layer: number, feedForward: FeedForward) =>
    block(latentAttention(config, indexerOf(layer)), feedForward)
  return decoder(modelType, config, (layer) => blockOf(layer, isSparse(config, layer) ? moe : dense), {
    multiTokenPrediction: prediction(config.num_nextn_predict_layers, blockOf(last, moe))
  })
}

/** DeepSeek-V2 (arXiv 2405.04434; modeling_deepseek.py of the checkpoint): the router has a bias only with noaux_tc. */
export const deepseekV2 = family(['deepseek_v2'], latentKeys, (config, modelType) =>
  describeLatent(config, modelType, config.topk_method === 'noaux_tc')
)

const v3Keys = latentKeys.extend({
  vocab_size: size(129_280),
  hidden_size: size(7168),
  num_hidden_layers: layers(61),
  num_attention_heads: size(128),
  intermediate_size: size(18432),
  moe_intermediate_size: size(2048),
  n_routed_experts: countOrNull(256),
  n_shared_experts: countOrNull(1),
  num_experts_per_tok: size(8),
  first_k_dense_replace: count(3),
  max_position_embeddings: sizeOrNull(4096)
})

const isBalanced = ({ topk_method: method }: LatentKeys) => method === null || method === 'noaux_tc'

/**
 * DeepSeek-V3 (arXiv 2412.19437), Kimi K2 (arXiv 2507.20534), Moonlight; defaults of DeepseekV3Config. The router's bias
 * (e_score_correction_bias) belongs to the method noaux_tc, which is the default.
 */
export const deepseekV3 = family(['deepseek_v3', 'kimi_k2'], v3Keys, (config, modelType) =>
  describeLatent(config, modelType, isBalanced(config))
)

/** GLM-4.7-Flash; defaults of Glm4MoeLiteConfig of transformers: the first layer is dense. */
export const glm4MoeLite = family(
  ['glm4_moe_lite'],
  latentKeys.extend({
    n_routed_experts: countOrNull(64),
    n_shared_experts: countOrNull(1),
    first_k_dense_replace: count(1)
  }),
  (config, modelType) => describeLatent(config, modelType, true)
)

const indexerKeys = {
  index_head_dim: size(128),
  index_n_heads: size(64),
  index_topk: size(2048)
}

function indexerOf(
  config: { readonly index_head_dim: number; readonly index_n_heads: number; readonly index_topk: number },
  source: Indexer['source'] = 'own'
): Indexer {
  return { heads: config.index_n_heads, headSize: config.index_head_dim, topK: config.index_topk, source }
}

/** DeepSeek-V3.2-Exp (inference/model.py of the checkpoint): V3 with an indexer in every layer. */
export const deepseekV32 = family(['deepseek_v32'], v3Keys.extend(indexerKeys), (config, modelType) => {
  const indexer = indexerOf(config)
  return describeLatent(config, modelType, isBalanced(config), () => indexer)
})

/**
 * GLM-5; defaults and structure of GlmMoeDsaConfig of transformers: as V3.2, but layers can take the choice of an
 * earlier layer's indexer. Its `head_dim` is only the rotary part of a head.
 */
export const glmMoeDsa = family(
  ['glm_moe_dsa'],
  latentKeys.extend({
    ...indexerKeys,
    vocab_size: size(154_880),
    hidden_size: size(6144),
    num_hidden_layers: layers(78),
    num_attention_heads: size(64),
    intermediate_size: size(12288),
    moe_intermediate_size: size(2048),
    n_routed_experts: countOrNull(256),
    n_shared_experts: countOrNull(1),
    num_experts_per_tok: size(8),
    first_k_dense_replace: count(3),
    max_position_embeddings: sizeOrNull(202_752),
    q_lora_rank: sizeOrNull(2048),
    qk_nope_head_dim: size(192),
    v_head_dim: size(256),
    index_n_heads: size(32),
    indexer_types: wordsOrNull('full', 'shared'),
    index_topk_pattern: z
      .string()
      .regex(/^[FS]*$/, 'expected a word of F and S')
      .nullable()
      .default(null),
    index_topk_freq: size(1),
    index_skip_topk_offset: count(2)
  }),
  (config, modelType) => {
    const shares = (layer: number): boolean => {
      const { indexer_types: types, index_topk_pattern: pattern, num_hidden_layers: layers } = config
      // The layer of multi-token prediction follows the last and chooses for itself.
      if (layer >= layers) return false
      if (types) return entryOf('indexer_types', types, layer, layers) === 'shared'
      if (pattern !== null) return entryOf('index_topk_pattern', [...pattern], layer, layers) === 'S'
      return Math.max(layer - config.index_skip_topk_offset + 1, 0) % config.index_topk_freq !== 0
    }
    check(!shares(0), 'indexer_types', 'expected the first layer to have an indexer', 'shared')
    return describeLatent(config, modelType, true, (layer) => indexerOf(config, shares(layer) ? 'earlierLayer' : 'own'))
  }
)

/** The keys of LongCat-Flash (arXiv 2509.01322); defaults of LongcatFlashConfig. */
export const longcat = family(
  ['longcat_flash'],
  latentKeys.omit({ intermediate_size: true, moe_intermediate_size: true, num_experts_per_tok: true }).extend({
    vocab_size: size(131_072),
    hidden_size: size(6144),
    num_layers: layers(28),
    num_hidden_layers: layers(56),
    num_attention_heads: size(64),
    ffn_hidden_size: size(12288),
    expert_ffn_hidden_size: size(2048),
    n_routed_experts: size(512),
    zero_expert_num: countOrNull(256),
    moe_topk: size(12),
    max_position_embeddings: sizeOrNull(131_072)
  }),
  (config, modelType) => {
    const keys = {
      ...config,
      intermediate_size: config.ffn_hidden_size,
      moe_intermediate_size: config.expert_ffn_hidden_size,
      num_experts_per_tok: config.moe_topk,
      // `num_hidden_layers` counts each attention; a layer has two.
      num_hidden_layers: config.num_layers
    }
    const moe = moeNetwork({
      experts: config.n_routed_experts,
      topK: config.moe_topk,
      expertWidth: config.expert_ffn_hidden_size,
      zeroExperts: config.zero_expert_num ?? 0,
      routerBias: true
    })
    checkTopK('moe_topk', moe)
    const attention = latentAttention(keys)
    const dense = denseNetwork({ width: config.ffn_hidden_size })
    // Two halves of attention and dense feed-forward, and experts beside the first (figure 2 of the report).
    return decoder(modelType, keys, () => ({
      mixers: [attention, attention],
      feedForwards: [dense, dense, moe],
      norm: 'rms',
      norms: 4
    }))
  }
)
