/** Mixtral and others whose layers all have experts of `intermediate_size` and no shared one. */
import type { RotaryScaling } from '../describe/description'
import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { attentionTypes, computationKeys, decoderKeys, flag, flagOrNone, size, sizeOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, rotaryOf, windowOf } from './parts'

/** Jiang et al. 2024 (arXiv 2401.04088); defaults of MixtralConfig. */
export const mixtral = family(
  ['mixtral'],
  decoderKeys({ vocabulary: 32000, width: 4096, layers: 32, heads: 32, keyValueHeads: 8, context: 131_072 }).extend({
    ...computationKeys({ epsilon: 1e-5, base: 1_000_000 }),
    intermediate_size: size(14336),
    num_local_experts: size(8),
    num_experts_per_tok: size(2),
    sliding_window: sizeOrNull()
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_local_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.intermediate_size,
      activation: config.hidden_act,
      normaliseGates: true
    })
    checkTopK('num_experts_per_tok', moe)
    const attention = attentionOf(config, { window: config.sliding_window, rotary: rotaryOf(config) })
    return decoder(modelType, config, () => block(attention, moe), { normEpsilon: config.rms_norm_eps })
  }
)

/**
 * OpenAI 2025 (arXiv 2508.10925); defaults and structure of GptOssConfig: biases in attention, router and experts, a
 * sink for each head, a window in every second layer, the first one included.
 */
export const gptOss = family(
  ['gpt_oss'],
  decoderKeys({
    vocabulary: 201_088,
    width: 2880,
    layers: 36,
    heads: 64,
    keyValueHeads: 8,
    headSize: 64,
    context: 131_072
  }).extend({
    intermediate_size: size(2880),
    num_local_experts: size(128),
    num_experts_per_tok: size(4),
    attention_bias: flag(true),
    sliding_window: sizeOrNull(128),
    layer_types: attentionTypes,
    ...computationKeys({ epsilon: 1e-5, base: 150_000 })
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_local_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.intermediate_size,
      expertBias: true,
      routerBias: true,
      activation: config.hidden_act,
      normaliseGates: true,
      clamped: true
    })
    checkTopK('num_experts_per_tok', moe)
    const given = rotaryOf(config)
    const isUnsaid = !config.rope_scaling && !config.rope_parameters
    const rotary = isUnsaid ? { ...given, scaling: gptOssScaling } : given
    const bias = config.attention_bias ? 'all' : 'none'
    return decoder(
      modelType,
      config,
      (layer) => {
        const window = windowOf(config, layer, (each) => each % 2 === 0)
        return block(attentionOf(config, { bias, sinks: true, window, rotary }), moe)
      },
      { normEpsilon: config.rms_norm_eps }
    )
  }
)

/** Of a file that says nothing of it (GptOssConfig of transformers 5.18). */
const gptOssScaling: RotaryScaling = {
  key: 'rope_parameters',
  parameters: {
    rope_type: 'yarn',
    factor: 32,
    beta_fast: 32,
    beta_slow: 1,
    truncate: false,
    original_max_position_embeddings: 4096
  }
}

/**
 * Grok-1 (xai-org/grok-1, run.py and model.py): gated experts, four norms in a layer, tied. Its own code names the width
 * 8 and rounds 8 d 2/3 to 32768; configurations name the result. `grok-1` is the model type of converted checkpoints.
 * Grok 2.5 (xai-org/grok-2) has a dense feed-forward beside narrower experts, and is not tied.
 */
export const grok = family(
  ['grok1', 'grok-1'],
  decoderKeys({
    vocabulary: 131_072,
    width: 6144,
    layers: 64,
    heads: 48,
    keyValueHeads: 8,
    context: 8192,
    tied: true
  }).extend({
    intermediate_size: size(32768),
    moe_intermediate_size: sizeOrNull(),
    residual_moe: flag(false),
    tie_word_embeddings: flagOrNone,
    num_local_experts: sizeOrNull(),
    num_experts: sizeOrNull(),
    num_experts_per_tok: size(2)
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_local_experts ?? config.num_experts ?? 8,
      topK: config.num_experts_per_tok,
      expertWidth: config.moe_intermediate_size ?? config.intermediate_size
    })
    checkTopK('num_experts_per_tok', moe)
    const one = block(attentionOf(config), moe, { norms: 4 })
    const both = { ...one, feedForwards: [denseNetwork({ width: config.intermediate_size }), moe] }
    const keys = { ...config, tie_word_embeddings: config.tie_word_embeddings ?? !config.residual_moe }
    return decoder(modelType, keys, () => (config.residual_moe ? both : one))
  }
)
