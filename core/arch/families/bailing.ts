import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { prediction } from './fine-grained'
import { count, countOrNull, decoderKeys, flag, flagOrNone, predictionSteps, size } from './keys'
import { attentionOf, block, checkTopK, decoder } from './parts'

/**
 * Ling (modeling_bailing_moe.py and modeling_bailing_moe_v2.py of inclusionAI's checkpoints): fine-grained experts with
 * shared ones in one feed-forward, the first layers dense. Version 2 adds norms of heads and a router bias. `use_qkv_bias`
 * is on queries, keys and values, `use_bias` on the output projection too.
 */
export const bailing = family(
  ['bailing_moe', 'bailing_moe_v2'],
  decoderKeys({}).extend({
    intermediate_size: size(),
    moe_intermediate_size: size(),
    moe_shared_expert_intermediate_size: countOrNull(),
    num_experts: size(),
    num_experts_per_tok: size(),
    num_shared_experts: countOrNull(0),
    first_k_dense_replace: count(0),
    use_qkv_bias: flag(false),
    use_bias: flag(false),
    use_qk_norm: flagOrNone,
    moe_router_enable_expert_bias: flagOrNone,
    num_nextn_predict_layers: predictionSteps
  }),
  (config, modelType) => {
    const second = modelType === 'bailing_moe_v2'
    const moe = moeNetwork({
      experts: config.num_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.moe_intermediate_size,
      routerBias: config.moe_router_enable_expert_bias ?? second,
      sharedExperts: config.num_shared_experts ?? 0,
      sharedExpertWidth: config.moe_shared_expert_intermediate_size ?? config.moe_intermediate_size
    })
    checkTopK('num_experts_per_tok', moe)
    const dense = denseNetwork({ width: config.intermediate_size })
    const attention = attentionOf(config, {
      bias: config.use_bias ? 'all' : config.use_qkv_bias ? 'queryKeyValue' : 'none',
      queryKeyNorm: (config.use_qk_norm ?? second) ? 'head' : 'none'
    })
    return decoder(modelType, config, (layer) => block(attention, layer < config.first_k_dense_replace ? dense : moe), {
      multiTokenPrediction: prediction(config.num_nextn_predict_layers, () => block(attention, moe))
    })
  }
)
