/** GLM-4.7-Flash and GLM-5, which have latent attention. */
import { z } from 'zod'
import { check } from '../describe/config-error'
import { family } from './family'
import { count, countOrNull, layers, size, sizeOrNull, wordsOrNull } from './keys'
import { describeLatent, indexerKeys, indexerOf, latentKeys } from './latent'
import { entryOf } from './parts'

/** GLM-4.7-Flash; defaults of Glm4MoeLiteConfig of transformers: the first layer is dense. */
export const glm4MoeLite = family(
  ['glm4_moe_lite'],
  latentKeys.extend({
    vocab_size: size(154_880),
    hidden_size: size(2048),
    num_hidden_layers: layers(47),
    num_attention_heads: size(20),
    intermediate_size: size(10240),
    moe_intermediate_size: size(1536),
    n_routed_experts: countOrNull(64),
    n_shared_experts: countOrNull(1),
    num_experts_per_tok: size(4),
    first_k_dense_replace: count(1),
    max_position_embeddings: sizeOrNull(202_752),
    q_lora_rank: sizeOrNull(768),
    qk_nope_head_dim: size(192),
    v_head_dim: size(256)
  }),
  (config, modelType) => describeLatent(config, modelType, true)
)

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
    const { indexer_types: types, num_hidden_layers: layers } = config
    const pattern = config.index_topk_pattern === null ? null : [...config.index_topk_pattern]
    const shares = (layer: number): boolean => {
      // The layer of multi-token prediction follows the last and chooses for itself.
      if (layer >= layers) return false
      if (types) return entryOf('indexer_types', types, layer, layers) === 'shared'
      if (pattern) return entryOf('index_topk_pattern', pattern, layer, layers) === 'S'
      return Math.max(layer - config.index_skip_topk_offset + 1, 0) % config.index_topk_freq !== 0
    }
    check(!shares(0), 'indexer_types', 'expected the first layer to have an indexer', 'shared')
    return describeLatent(config, modelType, true, (layer) => indexerOf(config, shares(layer) ? 'earlierLayer' : 'own'))
  }
)
