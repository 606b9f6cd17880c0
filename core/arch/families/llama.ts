/** Llama and what is built like it: grouped attention, a gated feed-forward, two RMSNorms. */
import type { ModelDescription } from '../describe/description'
import { denseNetwork } from '../describe/parts'
import { family } from './family'
import { attentionTypes, computationKeys, decoderKeys, flag, multiplierKeys, size, sizeOrNull } from './keys'
import { attentionOf, block, decoder, multipliersOf, rotaryOf, windowOf } from './parts'

const llamaDefaults = { vocabulary: 32000, width: 4096, layers: 32, heads: 32, context: 2048 }

const llamaKeys = (defaults: Parameters<typeof decoderKeys>[0]) =>
  decoderKeys(defaults).extend({
    ...computationKeys({ epsilon: 1e-6, base: 10_000 }),
    intermediate_size: size(11008),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  })

/** `attention_bias` is on all four projections. */
function describe(config: ReturnType<ReturnType<typeof llamaKeys>['parse']>, modelType: string): ModelDescription {
  const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none', rotary: rotaryOf(config) })
  const feedForward = denseNetwork({
    width: config.intermediate_size,
    bias: config.mlp_bias,
    activation: config.hidden_act
  })
  return decoder(modelType, config, () => block(attention, feedForward), { normEpsilon: config.rms_norm_eps })
}

/** Touvron et al. 2023 (arXiv 2302.13971); defaults of LlamaConfig of transformers. */
export const llama = family(['llama'], llamaKeys(llamaDefaults), describe)

/** Granite 3.0 (ibm-granite/granite-3.0-language-models): Llama with multipliers; defaults of GraniteConfig. */
export const granite = family(['granite'], llamaKeys(llamaDefaults).extend(multiplierKeys), (config, modelType) => ({
  ...describe(config, modelType),
  multipliers: multipliersOf(config)
}))

/** Defaults of SmolLM3Config of transformers; layers without positions have the same weights. */
export const smolLm3 = family(
  ['smollm3'],
  llamaKeys({
    vocabulary: 128_256,
    width: 2048,
    layers: 36,
    heads: 16,
    keyValueHeads: 4,
    context: 32_768,
    tied: true
  }),
  describe
)

/**
 * Jiang et al. 2023 (arXiv 2310.06825). Defaults of MistralConfig of transformers: a file without `sliding_window` has
 * one of 4096, and null means none.
 */
export const mistral = family(
  ['mistral', 'ministral'],
  decoderKeys({ ...llamaDefaults, keyValueHeads: 8, context: 131_072 }).extend({
    ...computationKeys({ epsilon: 1e-6, base: 10_000 }),
    intermediate_size: size(14336),
    sliding_window: sizeOrNull(4096),
    layer_types: attentionTypes
  }),
  (config, modelType) =>
    decoder(
      modelType,
      config,
      (layer) =>
        block(
          attentionOf(config, { window: windowOf(config, layer, () => true), rotary: rotaryOf(config) }),
          denseNetwork({ width: config.intermediate_size, activation: config.hidden_act })
        ),
      { normEpsilon: config.rms_norm_eps }
    )
)

/** Defaults of Ministral3Config of transformers: as Mistral, but without a window unless the file names one. */
export const ministral3 = family(
  ['ministral3'],
  decoderKeys({
    vocabulary: 131_072,
    width: 4096,
    layers: 34,
    heads: 32,
    keyValueHeads: 8,
    headSize: 128,
    context: 262_144
  }).extend({ intermediate_size: size(14336), sliding_window: sizeOrNull() }),
  (config, modelType) => {
    const attention = attentionOf(config, { window: config.sliding_window })
    return decoder(modelType, config, () => block(attention, denseNetwork({ width: config.intermediate_size })))
  }
)

/** Abdin et al. 2024 (arXiv 2404.14219). Defaults of Phi3Config of transformers; its fused projections have no biases. */
export const phi3 = family(
  ['phi3'],
  decoderKeys({ vocabulary: 32064, width: 3072, layers: 32, heads: 32, context: 4096 }).extend({
    intermediate_size: size(8192),
    sliding_window: sizeOrNull()
  }),
  (config, modelType) =>
    decoder(modelType, config, () =>
      block(attentionOf(config, { window: config.sliding_window }), denseNetwork({ width: config.intermediate_size }))
    )
)
