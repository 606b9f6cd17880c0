/** gpt-oss. */
import type { RotaryScaling } from '../describe/description'
import { moeNetwork } from '../describe/parts'
import { family } from './family'
import { attentionTypes, computationKeys, decoderKeys, flag, size, sizeOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, rotaryOf, windowOf } from './parts'

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
