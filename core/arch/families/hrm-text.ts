/** HRM-Text: two stacks that take turns. */
import { denseNetwork, listed } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, size, sizeOrNull } from './keys'
import { attentionOf, block, decoder } from './parts'

/** HRM-Text (after arXiv 2506.21734): two stacks that take turns, gated attention, norms without weights. */
export const hrmText = family(
  ['hrm_text'],
  decoderKeys({ vocabulary: 151_808, width: 1536, layers: 32, heads: 12, context: 2048 }).extend({
    intermediate_size: size(4096),
    num_layers_per_stack: sizeOrNull(),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' })
    const network = denseNetwork({ width: config.intermediate_size, bias: config.mlp_bias })
    const gates = attention.heads * attention.headSize
    const gate = [
      listed('attention', 'output gate', gates, 'width'),
      ...(config.attention_bias ? [listed('attention', 'output gate bias', gates)] : [])
    ]
    const stacks = config.num_layers_per_stack === null ? config.num_hidden_layers : 2 * config.num_layers_per_stack
    return decoder(
      modelType,
      { ...config, num_hidden_layers: stacks },
      () => block(attention, network, { norm: 'none', extras: gate }),
      {
        finalNorm: 'none',
        extras: [listed('other', 'first state', 'width')],
        notes: ['its two stacks are counted once each; a token passes them several times']
      }
    )
  }
)
