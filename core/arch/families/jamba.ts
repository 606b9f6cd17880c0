import { z } from 'zod'
import { expected } from '../describe/config-keys'
import type { Mixer } from '../describe/description'
import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { count, decoderKeys, flag, size } from './keys'
import { attentionOf, block, checkTopK, decoder } from './parts'

/**
 * Jamba (arXiv 2403.19887); defaults and structure of JambaConfig: layers with attention and layers with experts recur
 * with periods of their own, from an offset on; a single expert is a dense feed-forward.
 */
export const jamba = family(
  ['jamba'],
  decoderKeys({
    vocabulary: 65536,
    width: 4096,
    layers: 32,
    heads: 32,
    keyValueHeads: 8,
    context: 262_144
  }).extend({
    intermediate_size: size(14336),
    num_experts: size(16),
    num_experts_per_tok: size(2),
    expert_layer_period: size(2),
    expert_layer_offset: count(1),
    attn_layer_period: size(8),
    attn_layer_offset: count(4),
    mamba_d_state: size(16),
    mamba_d_conv: size(4),
    mamba_expand: size(2),
    mamba_dt_rank: z.union([z.literal('auto'), size()], expected("a positive integer or 'auto'")).default('auto'),
    mamba_conv_bias: flag(true),
    mamba_proj_bias: flag(false)
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.intermediate_size
    })
    const dense = denseNetwork({ width: config.intermediate_size })
    const feedForward = config.num_experts > 1 ? moe : dense
    if (feedForward === moe) checkTopK('num_experts_per_tok', moe)
    const mamba: Mixer = {
      kind: 'mamba1',
      innerWidth: config.mamba_expand * config.hidden_size,
      stateSize: config.mamba_d_state,
      timeStepRank: config.mamba_dt_rank === 'auto' ? Math.ceil(config.hidden_size / 16) : config.mamba_dt_rank,
      kernel: config.mamba_d_conv,
      kernelBias: config.mamba_conv_bias,
      projectionBias: config.mamba_proj_bias,
      innerNorms: true
    }
    const attention = attentionOf(config)
    return decoder(modelType, config, (layer) => {
      const isAttention = layer % config.attn_layer_period === config.attn_layer_offset
      const isSparse = layer % config.expert_layer_period === config.expert_layer_offset
      return block(isAttention ? attention : mamba, isSparse ? feedForward : dense)
    })
  }
)
