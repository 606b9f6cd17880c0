import { z } from 'zod'
import { expected } from '../describe/config-keys'
import type { Block } from '../describe/description'
import { denseNetwork, listed } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, listOrNull, sizeOrNull } from './keys'
import { attentionOf, decoder, entryOf } from './parts'

const part = { no_op: z.boolean().nullish(), replace_with_linear: z.boolean().nullish() }

/**
 * Llama Nemotron (arXiv 2505.00949; modeling_decilm.py of nvidia's checkpoints): a search chose for each layer the heads of
 * its attention and the width of its feed-forward, or left one out; what is left out has no norm either.
 */
export const nemotronNas = family(
  ['nemotron-nas', 'deci', 'decilm'],
  decoderKeys({}).extend({
    num_key_value_heads: sizeOrNull(),
    block_configs: listOrNull(
      z.looseObject({
        attention: z.looseObject({ ...part, n_heads_in_group: sizeOrNull() }),
        ffn: z.looseObject({
          ...part,
          ffn_mult: z.number(expected('a number')).positive().max(1000).nullish(),
          intermediate_size: sizeOrNull()
        })
      }),
      'a list of what each layer has'
    ),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const { hidden_size: width, num_hidden_layers: length, num_attention_heads: heads } = config
    const linear = (name: string) => listed('other', name, 'width', 'width')
    const blockOf = (layer: number): Block => {
      const { attention, ffn } = entryOf('block_configs', config.block_configs ?? [], layer, length)
      const attends = !attention.no_op && !attention.replace_with_linear
      const transforms = !ffn.no_op && !ffn.replace_with_linear
      const feedForward =
        ffn.intermediate_size ?? 256 * Math.ceil(Math.floor((2 * (ffn.ffn_mult ?? 0) * width) / 3) / 256)
      return {
        mixers: attends
          ? [
              attentionOf(
                { ...config, num_key_value_heads: Math.floor(heads / (attention.n_heads_in_group ?? 1)) },
                { bias: config.attention_bias ? 'all' : 'none' }
              )
            ]
          : [],
        feedForwards: transforms ? [denseNetwork({ width: feedForward, bias: config.mlp_bias })] : [],
        norm: 'rms',
        norms: (attention.no_op ? 0 : 1) + (ffn.no_op ? 0 : 1),
        extras: [
          ...(!attention.no_op && attention.replace_with_linear ? [linear('in place of attention')] : []),
          ...(!ffn.no_op && ffn.replace_with_linear ? [linear('in place of the feed-forward')] : [])
        ]
      }
    }
    return decoder(modelType, config, blockOf)
  }
)
