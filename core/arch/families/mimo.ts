import { denseNetwork, moeNetwork } from '../description-parts'
import { family } from './family'
import { count, countOrNull, decoderKeys, flag, listOrNull, size, sizeOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, entryOf } from './parts'

/**
 * MiMo-V2-Flash (modeling_mimo_v2_flash.py of XiaomiMiMo's checkpoint): five windowed layers, with heads of their own
 * and sinks, to one full layer; values are narrower than keys. `moe_layer_freq` is a list of 0 and 1.
 */
export const mimo = family(
  ['mimo_v2_flash'],
  decoderKeys({}).extend({
    v_head_dim: sizeOrNull(),
    swa_num_attention_heads: sizeOrNull(),
    swa_num_key_value_heads: sizeOrNull(),
    swa_head_dim: sizeOrNull(),
    swa_v_head_dim: sizeOrNull(),
    sliding_window: size(),
    hybrid_layer_pattern: listOrNull(count(), 'a list of 0 (full) and 1 (windowed)'),
    moe_layer_freq: listOrNull(count(), 'a list of 0 (dense) and 1 (experts)'),
    intermediate_size: size(),
    moe_intermediate_size: size(),
    n_routed_experts: size(),
    n_shared_experts: countOrNull(),
    num_experts_per_tok: size(),
    attention_bias: flag(false),
    add_swa_attention_sink_bias: flag(false),
    add_full_attention_sink_bias: flag(false)
  }),
  (config, modelType) => {
    const { num_hidden_layers: layers, hybrid_layer_pattern: windows, moe_layer_freq: sparse } = config
    const bias = config.attention_bias ? 'queryKeyValue' : 'none'
    const full = attentionOf(config, {
      bias,
      ...(config.v_head_dim === null ? {} : { valueHeadSize: config.v_head_dim }),
      sinks: config.add_full_attention_sink_bias
    })
    const windowed = attentionOf(
      {
        ...config,
        num_attention_heads: config.swa_num_attention_heads ?? config.num_attention_heads,
        num_key_value_heads: config.swa_num_key_value_heads ?? config.num_key_value_heads,
        head_dim: config.swa_head_dim ?? config.head_dim
      },
      {
        bias,
        valueHeadSize: config.swa_v_head_dim ?? full.valueHeadSize,
        sinks: config.add_swa_attention_sink_bias,
        window: config.sliding_window
      }
    )
    const moe = moeNetwork({
      experts: config.n_routed_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.moe_intermediate_size,
      routerBias: true,
      sharedExperts: config.n_shared_experts ?? 0,
      sharedExpertWidth: config.moe_intermediate_size
    })
    checkTopK('num_experts_per_tok', moe)
    const dense = denseNetwork({ width: config.intermediate_size })
    return decoder(modelType, config, (layer) => {
      const isWindowed = windows !== null && entryOf('hybrid_layer_pattern', windows, layer, layers) > 0
      const isSparse = sparse === null || entryOf('moe_layer_freq', sparse, layer, layers) > 0
      return block(isWindowed ? windowed : full, isSparse ? moe : dense)
    })
  }
)
