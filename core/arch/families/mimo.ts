/** MiMo: the dense 7B, and the second version with windows, sinks and experts. */
import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { prediction } from './fine-grained'
import {
  attentionTypes,
  count,
  countOrNull,
  decoderKeys,
  flag,
  listOrNull,
  predictionSteps,
  size,
  sizeOrNull,
  wordsOrNull
} from './keys'
import { attentionOf, block, checkTopK, decoder, entryOf } from './parts'

/**
 * MiMo-7B (arXiv 2505.07608; modeling_mimo.py of XiaomiMiMo's checkpoint): built like Qwen2, whose defaults it takes,
 * with blocks for multi-token prediction that have three norms of their own.
 */
export const mimo7b = family(
  ['mimo'],
  decoderKeys({ vocabulary: 151_936, width: 4096, layers: 32, heads: 32, keyValueHeads: 32, context: 32_768 }).extend({
    intermediate_size: size(22016),
    attention_bias: flag(true),
    num_nextn_predict_layers: predictionSteps
  }),
  (config, modelType) => {
    const layer = block(
      attentionOf(config, { bias: config.attention_bias ? 'queryKeyValue' : 'none' }),
      denseNetwork({ width: config.intermediate_size })
    )
    return decoder(modelType, config, () => layer, {
      multiTokenPrediction: prediction(config.num_nextn_predict_layers, () => layer)
    })
  }
)

/**
 * MiMo-V2 (arXiv 2601.02780; modeling_mimo_v2_flash.py of XiaomiMiMo's checkpoint; defaults of MiMoV2FlashConfig of
 * transformers): five windowed layers, with heads of their own and sinks, to one full layer; values are narrower than
 * keys. Lists of words or of 0 and 1 say which layers are windowed and which have experts. Blocks for multi-token
 * prediction are windowed and dense (mimo_v2_mtp.py of vLLM).
 */
export const mimo = family(
  ['mimo_v2_flash', 'mimo_v2'],
  decoderKeys({
    vocabulary: 152_576,
    width: 4096,
    layers: 48,
    heads: 64,
    keyValueHeads: 4,
    headSize: 192,
    context: 131_072
  }).extend({
    v_head_dim: sizeOrNull(128),
    swa_num_attention_heads: sizeOrNull(),
    swa_num_key_value_heads: sizeOrNull(),
    swa_head_dim: sizeOrNull(),
    swa_v_head_dim: sizeOrNull(),
    sliding_window: size(128),
    hybrid_layer_pattern: listOrNull(count(), 'a list of 0 (full) and 1 (windowed)'),
    layer_types: attentionTypes,
    moe_layer_freq: listOrNull(count(), 'a list of 0 (dense) and 1 (experts)'),
    mlp_layer_types: wordsOrNull('dense', 'sparse'),
    intermediate_size: size(16384),
    moe_intermediate_size: size(2048),
    n_routed_experts: size(256),
    n_shared_experts: countOrNull(),
    num_experts_per_tok: size(8),
    attention_bias: flag(false),
    add_swa_attention_sink_bias: flag(true),
    add_full_attention_sink_bias: flag(false),
    num_nextn_predict_layers: predictionSteps
  }),
  (config, modelType) => {
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
        num_key_value_heads: config.swa_num_key_value_heads ?? 2 * full.keyValueHeads,
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
    return decoder(
      modelType,
      config,
      (layer) => block(isWindowed(config, layer) ? windowed : full, isSparse(config, layer) ? moe : dense),
      { multiTokenPrediction: prediction(config.num_nextn_predict_layers, () => block(windowed, dense)) }
    )
  }
)

interface ScheduleKeys {
  readonly num_hidden_layers: number
  readonly hybrid_layer_pattern: readonly number[] | null
  readonly layer_types: readonly string[] | null
  readonly moe_layer_freq: readonly number[] | null
  readonly mlp_layer_types: readonly string[] | null
}

/** Without a list the first layer attends to everything, and then every sixth. */
function isWindowed(config: ScheduleKeys, layer: number): boolean {
  const { num_hidden_layers: layers, hybrid_layer_pattern: pattern, layer_types: types } = config
  if (pattern) return entryOf('hybrid_layer_pattern', pattern, layer, layers) > 0
  if (types) return entryOf('layer_types', types, layer, layers) === 'sliding_attention'
  return layer > 0 && (layer + 1) % 6 !== 0
}

/** Without a list only the first layer is dense. */
function isSparse(config: ScheduleKeys, layer: number): boolean {
  const { num_hidden_layers: layers, moe_layer_freq: frequency, mlp_layer_types: types } = config
  if (frequency) return entryOf('moe_layer_freq', frequency, layer, layers) > 0
  if (types) return entryOf('mlp_layer_types', types, layer, layers) === 'sparse'
  return layer > 0
}
