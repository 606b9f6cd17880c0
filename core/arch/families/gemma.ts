/** Gemma: tied embeddings, explicit head sizes, and from Gemma 2 on windows and four norms in a layer. */
import { denseNetwork } from '../describe/parts'
import { family } from './family'
import { attentionTypes, decoderKeys, flag, size, sizeOrNull } from './keys'
import { attentionOf, block, decoder, windowOf } from './parts'

/** Gemma Team 2024 (arXiv 2403.08295); defaults of GemmaConfig of transformers. */
export const gemma = family(
  ['gemma'],
  decoderKeys({
    vocabulary: 256_000,
    width: 3072,
    layers: 28,
    heads: 16,
    keyValueHeads: 16,
    headSize: 256,
    context: 8192,
    tied: true
  }).extend({ intermediate_size: size(24576), attention_bias: flag(false) }),
  (config, modelType) =>
    decoder(modelType, config, () =>
      block(
        attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' }),
        denseNetwork({ width: config.intermediate_size })
      )
    )
)

const laterDefaults = {
  width: 2304,
  layers: 26,
  heads: 8,
  keyValueHeads: 4,
  headSize: 256,
  tied: true
}

/** Gemma Team 2024 (arXiv 2408.00118); defaults of Gemma2Config: every second layer, from the first on, has a window. */
export const gemma2 = family(
  ['gemma2'],
  decoderKeys({ ...laterDefaults, vocabulary: 256_000, context: 8192 }).extend({
    intermediate_size: size(9216),
    attention_bias: flag(false),
    sliding_window: sizeOrNull(4096),
    layer_types: attentionTypes
  }),
  (config, modelType) =>
    decoder(modelType, config, (layer) =>
      block(
        attentionOf(config, {
          bias: config.attention_bias ? 'all' : 'none',
          window: windowOf(config, layer, (each) => each % 2 === 0)
        }),
        denseNetwork({ width: config.intermediate_size }),
        { norms: 4 }
      )
    )
)

/** Gemma Team 2025 (arXiv 2503.19786); defaults of Gemma3TextConfig: five windowed layers to one full, norms of heads. */
export const gemma3 = family(
  ['gemma3_text', 'gemma3'],
  decoderKeys({ ...laterDefaults, vocabulary: 262_208, context: 131_072 }).extend({
    intermediate_size: size(9216),
    attention_bias: flag(false),
    sliding_window: sizeOrNull(4096),
    sliding_window_pattern: size(6),
    layer_types: attentionTypes
  }),
  (config, modelType) =>
    decoder(modelType, config, (layer) =>
      block(
        attentionOf(config, {
          bias: config.attention_bias ? 'all' : 'none',
          queryKeyNorm: 'head',
          window: windowOf(config, layer, (each) => (each + 1) % config.sliding_window_pattern !== 0)
        }),
        denseNetwork({ width: config.intermediate_size }),
        { norms: 4 }
      )
    )
)
