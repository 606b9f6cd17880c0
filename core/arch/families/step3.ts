/** StepFun's Step 3.5 and 3.7. */

import { z } from 'zod'
import { expected } from '../describe/config-keys'
import { listed } from '../describe/parts'
import { family } from './family'
import { describeFineGrained, sparseDefaults } from './fine-grained'
import { count, countOrNull, decoderKeys, flag, layers, listOrNull, sizeOrNull } from './keys'
import { attentionOf } from './parts'

/** Step 3.5 and 3.7 Flash: windowed layers with heads of their own and gates of heads; the first layers are dense. */
export const step3p5 = family(
  ['step3p7_text', 'step3p5', 'step3p7', 'step3p5_text'],
  decoderKeys({
    vocabulary: 128_815,
    width: 4096,
    heads: 64,
    keyValueHeads: 8,
    headSize: 128,
    context: 128_000
  }).extend({
    ...sparseDefaults({ feedForward: 11264, expertWidth: 1280, experts: 288, topK: 8, firstDense: 3 }),
    num_hidden_layers: layers(45),
    share_expert_dim: count(1280),
    num_attention_groups: sizeOrNull(),
    num_sliding_attention_heads: sizeOrNull(),
    attention_other_setting: z
      .object({ num_attention_heads: sizeOrNull(), num_attention_groups: sizeOrNull() })
      .nullish(),
    moe_layers_enum: z
      .union([z.string(), listOrNull(count(), 'a list of layers')], expected('a text or a list of layers'))
      .default(null),
    use_head_wise_attn_gate: flag(true),
    sliding_window: sizeOrNull(),
    layer_types: listOrNull(
      z.enum(['full_attention', 'sliding_attention']),
      'a list of full_attention, sliding_attention'
    ),
    num_nextn_predict_layers: countOrNull(0)
  }),
  (config, modelType) => {
    const { layer_types: types, num_hidden_layers: length, moe_layers_enum: sparse, mlp_layer_types: words } = config
    const named = typeof sparse === 'string' ? sparse.split(',').map(Number) : sparse
    const other = config.attention_other_setting
    const isWindowed = (layer: number) => types?.[layer] === 'sliding_attention'
    const attentionOfLayer = (layer: number) => {
      const own = isWindowed(layer)
      const keyValueHeads = (own ? other?.num_attention_groups : null) ?? config.num_attention_groups
      return attentionOf(
        {
          ...config,
          num_attention_heads:
            (own ? (config.num_sliding_attention_heads ?? other?.num_attention_heads) : null) ??
            config.num_attention_heads,
          num_key_value_heads: keyValueHeads ?? config.num_key_value_heads
        },
        { queryKeyNorm: 'head', window: own ? config.sliding_window : null }
      )
    }
    const keys = {
      ...config,
      mlp_layer_types:
        words ??
        (named
          ? Array.from({ length }, (_, layer) => (named.includes(layer) ? ('sparse' as const) : ('dense' as const)))
          : null)
    }
    return describeFineGrained(modelType, keys, attentionOfLayer, {
      routerBias: true,
      moe: { sharedExperts: config.share_expert_dim > 0 ? 1 : 0, sharedExpertWidth: config.share_expert_dim },
      block: (_, layer) =>
        config.use_head_wise_attn_gate
          ? { extras: [listed('attention', 'gates of the heads', attentionOfLayer(layer).heads, 'width')] }
          : {}
    })
  }
)
