/** DeepSeek-V3.2, Sarvam and dots.llm1. */
import { isBalanced, v3Keys } from './deepseek-keys'
import { family } from './family'
import { describeFineGrained, sparseKeys } from './fine-grained'
import { count, countOrNull, decoderKeys, flag, layers, size, sizeOrNull } from './keys'
import { describeLatent, indexerKeys, indexerOf } from './latent'
import { attentionOf } from './parts'

/** dots.llm1 (arXiv 2506.05767); defaults and structure of Dots1Config: norms of heads, a balanced router. */
export const dots1 = family(
  ['dots1'],
  decoderKeys({ vocabulary: 152_064, width: 4608, layers: 62, heads: 32, keyValueHeads: 32, context: 2048 })
    .extend(sparseKeys.shape)
    .extend({
      num_hidden_layers: layers(62),
      intermediate_size: size(10944),
      moe_intermediate_size: size(1408),
      attention_bias: flag(false)
    }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none', queryKeyNorm: 'head' })
    return describeFineGrained(modelType, config, () => attention, { routerBias: true })
  }
)

/** DeepSeek-V3.2-Exp (inference/model.py of the checkpoint): V3 with an indexer in every layer. */
export const deepseekV32 = family(['deepseek_v32'], v3Keys.extend(indexerKeys), (config, modelType) => {
  const indexer = indexerOf(config)
  return describeLatent(config, modelType, isBalanced(config), () => indexer)
})

/**
 * Sarvam-105B (SarvamMLAConfig and modeling of the checkpoint; sarvam.py of vLLM): V3 by other names of its experts, with
 * whole queries. `head_dim` there is of the cache, and means nothing here.
 */
export const sarvam = family(
  ['sarvam_mla'],
  v3Keys.omit({ n_routed_experts: true, n_shared_experts: true }).extend({
    vocab_size: size(262_144),
    hidden_size: size(4096),
    num_hidden_layers: layers(32),
    num_attention_heads: size(64),
    intermediate_size: size(16384),
    num_experts: countOrNull(128),
    num_shared_experts: countOrNull(1),
    moe_shared_expert_intermediate_size: sizeOrNull(),
    first_k_dense_replace: count(1),
    q_lora_rank: sizeOrNull(),
    moe_router_enable_expert_bias: flag(true)
  }),
  (config, modelType) => {
    const experts = { n_routed_experts: config.num_experts, n_shared_experts: config.num_shared_experts }
    const sharedExpertWidth = config.moe_shared_expert_intermediate_size ?? config.moe_intermediate_size
    return describeLatent({ ...config, ...experts }, modelType, config.moe_router_enable_expert_bias, undefined, {
      moe: { sharedExpertWidth }
    })
  }
)
