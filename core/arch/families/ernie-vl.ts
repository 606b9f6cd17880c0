/** ERNIE 4.5 VL: experts for text and for pictures. */

import { z } from 'zod'
import { expected } from '../describe/config-keys'
import { listed, moeNetwork } from '../describe/parts'
import { family } from './family'
import { count, decoderKeys, flag, layers, listOrNull, size, wordsOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, entryOf } from './parts'

/** ERNIE 4.5 VL, the language model: experts for text and narrower ones for pictures, one shared for both. */
export const ernieVlMoe = family(
  ['ernie4_5_vl_moe_text', 'ernie4_5_vl_moe', 'ernie4_5_moe_vl'],
  decoderKeys({ vocabulary: 103_424, width: 2560, heads: 20, keyValueHeads: 4, context: 131_072, tied: true }).extend({
    num_hidden_layers: layers(28),
    intermediate_size: size(12288),
    moe_intermediate_size: z
      .union(
        [size(), listOrNull(size(), 'widths of experts for text and for pictures')],
        expected('widths of experts for text and for pictures')
      )
      .default(null),
    moe_num_experts: z
      .union([size(), listOrNull(size(), 'numbers of experts')], expected('a number of experts, or one for each kind'))
      .default(64),
    moe_k: size(6),
    moe_num_shared_experts: count(2),
    mlp_layer_types: wordsOrNull('dense', 'sparse'),
    use_bias: flag(false).nullable()
  }),
  (config, modelType) => {
    const widths = config.moe_intermediate_size
    const [textWidth = 1536, pictureWidth = 512] = typeof widths === 'number' ? [widths, widths] : (widths ?? [])
    const experts =
      typeof config.moe_num_experts === 'number' ? config.moe_num_experts : (config.moe_num_experts?.[0] ?? 64)
    const of = (expertWidth: number, shared: number) =>
      moeNetwork({
        experts,
        topK: config.moe_k,
        expertWidth,
        routerBias: true,
        sharedExperts: shared,
        sharedExpertWidth: textWidth
      })
    const text = of(textWidth, config.moe_num_shared_experts)
    checkTopK('moe_k', text)
    const bias = config.use_bias === true
    const attention = attentionOf(config, { bias: bias ? 'all' : 'none' })
    const types = config.mlp_layer_types
    const dense = { kind: 'dense', width: config.intermediate_size, gated: true, bias, activation: null } as const
    const shared = config.moe_num_shared_experts * textWidth
    const biases = bias
      ? {
          extras: [
            listed('shared', 'shared expert biases', 2 * shared),
            listed('shared', 'shared expert bias', 'width')
          ]
        }
      : {}
    return decoder(modelType, config, (layer) => {
      const sparse = types ? entryOf('mlp_layer_types', types, layer, config.num_hidden_layers) === 'sparse' : layer > 0
      if (!sparse) return block(attention, dense)
      return { ...block(attention, text), feedForwards: [text, of(pictureWidth, 0)], ...biases }
    })
  }
)
