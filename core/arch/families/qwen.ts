/** Qwen2 and Qwen3, dense and with experts. */
import { check } from '../describe/config-error'
import type { Mixer } from '../describe/description'
import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { attentionTypes, computationKeys, count, decoderKeys, flag, layerIndices, size } from './keys'
import { attentionOf, block, checkTopK, decoder, rotaryOf, windowOf } from './parts'

const computation = computationKeys({ epsilon: 1e-6, base: 10_000 })

const windowKeys = {
  use_sliding_window: flag(false),
  // transformers 5 saves 0 where use_sliding_window is false.
  sliding_window: count(4096).nullable(),
  max_window_layers: count(28),
  layer_types: attentionTypes
}

/** The window of a layer: there is one only where `use_sliding_window` says so, from layer `max_window_layers` on. */
function windowOfLayer(
  config: {
    readonly num_hidden_layers: number
    readonly use_sliding_window: boolean
    readonly sliding_window: number | null
    readonly max_window_layers: number
    readonly layer_types: readonly string[] | null
  },
  layer: number
): number | null {
  if (!config.use_sliding_window) return null
  check(config.sliding_window !== 0, 'sliding_window', 'expected a positive integer with use_sliding_window', 0)
  return windowOf(config, layer, (each) => each >= config.max_window_layers)
}

/** Yang et al. 2024 (arXiv 2407.10671). Defaults of Qwen2Config; queries, keys and values always have biases. */
export const qwen2 = family(
  ['qwen2', 'qwen2_vl', 'qwen2_vl_text', 'qwen2_5_vl', 'qwen2_5_vl_text', 'qwen2_5_omni_text'],
  decoderKeys({ vocabulary: 151_936, width: 4096, layers: 32, heads: 32, keyValueHeads: 32, context: 32_768 }).extend({
    intermediate_size: size(22016),
    ...computation,
    ...windowKeys
  }),
  (config, modelType) =>
    decoder(
      modelType,
      config,
      (layer) =>
        block(
          attentionOf(config, {
            bias: 'queryKeyValue',
            window: windowOfLayer(config, layer),
            rotary: rotaryOf(config)
          }),
          denseNetwork({ width: config.intermediate_size, activation: config.hidden_act })
        ),
      { normEpsilon: config.rms_norm_eps }
    )
)

/** The attention of Qwen3: norms of queries and keys over each head, and a bias on all projections or none. */
function normedAttention(
  config: Parameters<typeof windowOfLayer>[0] &
    Parameters<typeof attentionOf>[0] &
    Parameters<typeof rotaryOf>[0] & { readonly attention_bias: boolean },
  layer: number
): Mixer {
  return attentionOf(config, {
    bias: config.attention_bias ? 'all' : 'none',
    queryKeyNorm: 'head',
    window: windowOfLayer(config, layer),
    rotary: rotaryOf(config)
  })
}

/** Yang et al. 2025 (arXiv 2505.09388). Defaults of Qwen3Config; norms of queries and keys over each head. */
export const qwen3 = family(
  ['qwen3', 'qwen3_vl_text'],
  decoderKeys({
    vocabulary: 151_936,
    width: 4096,
    layers: 32,
    heads: 32,
    keyValueHeads: 32,
    headSize: 128,
    context: 32_768
  }).extend({ intermediate_size: size(22016), attention_bias: flag(false), ...computation, ...windowKeys }),
  (config, modelType) =>
    decoder(
      modelType,
      config,
      (layer) =>
        block(
          normedAttention(config, layer),
          denseNetwork({ width: config.intermediate_size, activation: config.hidden_act })
        ),
      { normEpsilon: config.rms_norm_eps }
    )
)

const sparseKeys = { decoder_sparse_step: size(1), mlp_only_layers: layerIndices }

/** Every `decoder_sparse_step`-th layer has experts, unless `mlp_only_layers` names it or there are none. */
function hasExperts(
  config: {
    readonly num_experts: number
    readonly decoder_sparse_step: number
    readonly mlp_only_layers: readonly number[] | null
  },
  layer: number
): boolean {
  const { num_experts: experts, decoder_sparse_step: step, mlp_only_layers: dense } = config
  return experts > 0 && (layer + 1) % step === 0 && !dense?.includes(layer)
}

/**
 * Qwen1.5-MoE and Qwen2-57B-A14B. Defaults of Qwen2MoeConfig; all shared experts are one feed-forward of
 * `shared_expert_intermediate_size`, with a gate that is there also when the width is 0. `intermediate_size` is used in
 * dense layers only: Qwen1.5-MoE names one and has none.
 */
export const qwen2Moe = family(
  ['qwen2_moe'],
  decoderKeys({ vocabulary: 151_936, width: 2048, layers: 24, heads: 16, keyValueHeads: 16, context: 32_768 }).extend({
    intermediate_size: size(5632),
    moe_intermediate_size: size(1408),
    shared_expert_intermediate_size: count(5632),
    num_experts: count(60),
    num_experts_per_tok: size(4),
    qkv_bias: flag(true),
    norm_topk_prob: flag(false),
    ...computation,
    ...sparseKeys,
    ...windowKeys
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.moe_intermediate_size,
      activation: config.hidden_act,
      normaliseGates: config.norm_topk_prob,
      sharedExperts: config.shared_expert_intermediate_size > 0 ? 1 : 0,
      sharedExpertWidth: config.shared_expert_intermediate_size,
      sharedGate: true
    })
    if (config.num_experts > 0) checkTopK('num_experts_per_tok', moe)
    const dense = denseNetwork({ width: config.intermediate_size, activation: config.hidden_act })
    const attentionOfLayer = (layer: number) =>
      attentionOf(config, {
        bias: config.qkv_bias ? 'queryKeyValue' : 'none',
        window: windowOfLayer(config, layer),
        rotary: rotaryOf(config)
      })
    return decoder(
      modelType,
      config,
      (layer) => block(attentionOfLayer(layer), hasExperts(config, layer) ? moe : dense),
      { normEpsilon: config.rms_norm_eps }
    )
  }
)

/** Defaults of Qwen3MoeConfig; no shared experts. `head_dim` times heads is not the width. */
export const qwen3Moe = family(
  ['qwen3_moe', 'qwen3_vl_moe_text', 'qwen3_omni_moe_text'],
  decoderKeys({ vocabulary: 151_936, width: 2048, layers: 24, heads: 32, keyValueHeads: 4, context: 32_768 }).extend({
    intermediate_size: size(6144),
    moe_intermediate_size: size(768),
    num_experts: count(128),
    num_experts_per_tok: size(8),
    attention_bias: flag(false),
    norm_topk_prob: flag(false),
    ...computation,
    ...sparseKeys,
    ...windowKeys
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.moe_intermediate_size,
      activation: config.hidden_act,
      normaliseGates: config.norm_topk_prob
    })
    if (config.num_experts > 0) checkTopK('num_experts_per_tok', moe)
    const dense = denseNetwork({ width: config.intermediate_size, activation: config.hidden_act })
    return decoder(
      modelType,
      config,
      (layer) => block(normedAttention(config, layer), hasExperts(config, layer) ? moe : dense),
      { normEpsilon: config.rms_norm_eps }
    )
  }
)
