/** OLMo Hybrid: Gated DeltaNet and attention. */
import type { Mixer } from '../describe/description'
import { denseNetwork } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, size, sizeOrNull, wordsOrNull } from './keys'
import { attentionOf, block, decoder, entryOf } from './parts'

/** OLMo Hybrid: three layers of Gated DeltaNet, each with its own projections, to one of attention as OLMo 3 has it. */
export const olmoHybrid = family(
  ['olmo_hybrid'],
  decoderKeys({ vocabulary: 100_352, width: 3840, layers: 32, heads: 30, context: 65536 }).extend({
    intermediate_size: size(11008),
    attention_bias: flag(false),
    linear_num_key_heads: sizeOrNull(),
    linear_num_value_heads: sizeOrNull(),
    linear_key_head_dim: sizeOrNull(),
    linear_value_head_dim: sizeOrNull(),
    linear_conv_kernel_dim: size(4),
    layer_types: wordsOrNull('linear_attention', 'full_attention')
  }),
  (config, modelType) => {
    const { num_attention_heads: heads, hidden_size: width } = config
    const keyHeadSize = config.linear_key_head_dim ?? Math.floor((0.75 * width) / heads)
    const delta: Mixer = {
      kind: 'gatedDeltaNet',
      keyHeads: config.linear_num_key_heads ?? heads,
      keyHeadSize,
      valueHeads: config.linear_num_value_heads ?? heads,
      valueHeadSize: config.linear_value_head_dim ?? 2 * keyHeadSize,
      kernel: config.linear_conv_kernel_dim
    }
    const network = denseNetwork({ width: config.intermediate_size })
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none', queryKeyNorm: 'allHeads' })
    const isFull = (layer: number) =>
      config.layer_types
        ? entryOf('layer_types', config.layer_types, layer, config.num_hidden_layers) === 'full_attention'
        : (layer + 1) % 4 === 0
    return decoder(modelType, config, (layer) => block(isFull(layer) ? attention : delta, network))
  }
)
