import { denseNetwork, listed } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, size, sizeOrNull } from './keys'
import { attentionOf, block, decoder } from './parts'
import { heads, tied } from './plain'

/** ModernBERT as a decoder (arXiv 2507.11412): a norm after the embedding, the first layer without one before it. */
export const modernBertDecoder = family(
  ['modernbert-decoder'],
  decoderKeys({ ...heads(768, 22, 12, 50368, 8192), ...tied }).extend({
    intermediate_size: size(1152),
    norm_bias: flag(false),
    attention_bias: flag(false),
    mlp_bias: flag(false),
    classifier_bias: flag(false),
    decoder_bias: flag(true),
    sliding_window: sizeOrNull(64)
  }),
  (config, modelType) => {
    const norm = config.norm_bias ? 'layer' : 'layerWithoutBias'
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' })
    const network = denseNetwork({ width: config.intermediate_size, bias: config.mlp_bias })
    return decoder(modelType, config, (layer) => block(attention, network, { norm, norms: layer === 0 ? 1 : 2 }), {
      finalNorm: norm,
      embeddingNorm: norm,
      outputBias: config.decoder_bias,
      extras: [
        listed('other', 'head', 'width', 'width'),
        ...(config.classifier_bias ? [listed('other', 'head bias', 'width')] : []),
        listed('norms', 'norm of the head', config.norm_bias ? 2 : 1, 'width')
      ]
    })
  }
)
