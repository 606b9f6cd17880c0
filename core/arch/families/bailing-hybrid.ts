/** Ling and Ring from 2.5 on: several layers of linear attention to one of latent attention. */
import { z } from 'zod'
import type { Mixer } from '../describe/description'
import { denseNetwork, listed, moeNetwork } from '../describe/parts'
import { kimiDelta } from './delta'
import { family } from './family'
import { prediction } from './fine-grained'
import { count, countOrNull, decoderKeys, flag, layers, predictionSteps, size, sizeOrNull } from './keys'
import { latentAttention } from './latent'
import { block, checkTopK, decoder } from './parts'

const keys = decoderKeys({ vocabulary: 157_184, width: 2048, heads: 16, headSize: 128, context: 32_768 }).extend({
  num_hidden_layers: layers(20),
  intermediate_size: size(5120),
  moe_intermediate_size: size(512),
  moe_shared_expert_intermediate_size: sizeOrNull(),
  num_experts: size(256),
  num_experts_per_tok: size(8),
  num_shared_experts: countOrNull(1),
  first_k_dense_replace: count(1),
  moe_router_enable_expert_bias: flag(true),
  layer_group_size: size(5),
  q_lora_rank: sizeOrNull(),
  kv_lora_rank: size(512),
  qk_nope_head_dim: size(128),
  qk_rope_head_dim: size(64),
  v_head_dim: size(128),
  use_qkv_bias: flag(false),
  use_bias: flag(false),
  use_qk_norm: flag(true),
  num_nextn_predict_layers: predictionSteps,
  short_conv_kernel_size: sizeOrNull(),
  no_kda_lora: flag(false),
  gated_attention_proj_granularity_type: z.enum(['head_wise', 'element_wise']).nullable().default(null)
})

/**
 * Version 2.5 (modeling_bailing_moe_v2_5.py of inclusionAI/Ring-V2.5; defaults of its BailingMoeV2_5Config) has lightning
 * attention, whose heads' queries and keys have norms. Version 3, told by its short convolutions, has Kimi Delta
 * Attention, and gates on the output of latent attention. The last layer of each group is latent, and so are those of a
 * group that is not full; a layer for multi-token prediction is latent, too.
 */
export const bailingHybrid = family(['bailing_hybrid'], keys, (config, modelType) => {
  const { num_attention_heads: heads, num_hidden_layers: count, layer_group_size: group } = config
  const headSize = config.head_dim ?? Math.floor(config.hidden_size / heads)
  const kernel = config.short_conv_kernel_size
  const linear: Mixer =
    kernel === null
      ? { kind: 'lightningAttention', heads, headSize }
      : kimiDelta({ heads, headSize, kernel, ...(config.no_kda_lora ? { decayRank: null, gateRank: null } : {}) })
  const latent = latentAttention({ ...config, attention_bias: config.use_qkv_bias })
  const isLatent = (layer: number) => (layer + 1) % group === 0 || layer >= count - (count % group)
  const inner = heads * headSize
  const beside = {
    linear:
      kernel === null
        ? [
            ...(config.use_qk_norm ? [listed('norms', 'norms of queries and keys', 2 * headSize)] : []),
            ...(config.use_qkv_bias ? [listed('linearAttention', 'query, key and value biases', 3 * inner)] : []),
            ...(config.use_bias ? [listed('linearAttention', 'attention output bias', 'width')] : [])
          ]
        : [],
    latent: gateOf(config)
  }
  const moe = moeNetwork({
    experts: config.num_experts,
    topK: config.num_experts_per_tok,
    expertWidth: config.moe_intermediate_size,
    routerBias: config.moe_router_enable_expert_bias,
    sharedExperts: config.num_shared_experts ?? 0,
    sharedExpertWidth: config.moe_shared_expert_intermediate_size ?? config.moe_intermediate_size
  })
  checkTopK('num_experts_per_tok', moe)
  const dense = denseNetwork({ width: config.intermediate_size })
  const blockOf = (layer: number) =>
    block(isLatent(layer) ? latent : linear, layer < config.first_k_dense_replace ? dense : moe, {
      extras: isLatent(layer) ? beside.latent : beside.linear
    })
  return decoder(modelType, config, blockOf, {
    multiTokenPrediction: prediction(config.num_nextn_predict_layers, () =>
      block(latent, moe, { extras: beside.latent })
    )
  })
})

/** The gate on the output of latent attention: one number for each head, or for each feature. */
function gateOf(config: z.infer<typeof keys>) {
  const { gated_attention_proj_granularity_type: kind, num_attention_heads: heads, v_head_dim: size } = config
  if (kind === null) return []
  return [listed('attention', 'output gate', kind === 'head_wise' ? heads : heads * size, 'width')]
}
