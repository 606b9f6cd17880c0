import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, size } from './keys'
import { attentionOf, checkTopK, decoder } from './parts'

/**
 * Snowflake Arctic (modeling_arctic.py of snowflake-arctic-instruct): beside the experts each layer has a dense
 * feed-forward as wide as the residual stream, a width that no key names, with a norm of its own.
 */
export const arctic = family(
  ['arctic'],
  decoderKeys({}).extend({
    intermediate_size: size(),
    num_local_experts: size(),
    num_experts_per_tok: size(),
    moe_layer_frequency: size(1),
    parallel_attn_mlp_res: flag(true)
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_local_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.intermediate_size
    })
    checkTopK('num_experts_per_tok', moe)
    const attention = attentionOf(config)
    const dense = denseNetwork({ width: config.intermediate_size })
    const residual = denseNetwork({ width: config.hidden_size })
    return decoder(modelType, config, (layer) => {
      const sparse = (layer + 1) % config.moe_layer_frequency === 0
      const parallel = sparse && config.parallel_attn_mlp_res
      return {
        mixers: [attention],
        feedForwards: [...(parallel ? [residual] : []), sparse ? moe : dense],
        norm: 'rms',
        norms: parallel ? 3 : 2
      }
    })
  }
)
