/** Granite with experts, with a shared one, and in the hybrid with Mamba-2. */

import { check } from '../describe/config-error'
import type { Block, FeedForward, Mixer } from '../describe/description'
import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { computationKeys, count, countOrNull, decoderKeys, flag, multiplierKeys, size, wordsOrNull } from './keys'
import { attentionOf, checkTopK, decoder, entryOf, multipliersOf, rotaryOf } from './parts'

const graniteKeys = decoderKeys({ vocabulary: 32000, width: 4096, layers: 32, heads: 32, context: 2048 }).extend({
  intermediate_size: size(11008),
  num_local_experts: count(8),
  num_experts_per_tok: count(2),
  attention_bias: flag(false),
  shared_intermediate_size: countOrNull(0),
  ...computationKeys({ epsilon: 1e-6, base: 10_000 }),
  ...multiplierKeys
})

type GraniteKeys = ReturnType<typeof graniteKeys.parse>

/** Routed experts of `intermediate_size` where there are any, and the shared feed-forward that the others add to. */
function feedForwards(config: GraniteKeys): FeedForward[] {
  const { num_local_experts: experts, num_experts_per_tok: topK } = config
  const shared = config.shared_intermediate_size ?? 0
  if (experts === 0) {
    check(shared > 0, 'shared_intermediate_size', 'expected a positive integer where there are no experts', shared)
    return [denseNetwork({ width: shared, activation: config.hidden_act })]
  }
  const moe = moeNetwork({
    experts,
    topK,
    expertWidth: config.intermediate_size,
    activation: config.hidden_act,
    normaliseGates: true,
    sharedExperts: shared > 0 ? 1 : 0,
    sharedExpertWidth: shared
  })
  checkTopK('num_experts_per_tok', moe)
  return [moe]
}

const blockOf = (config: GraniteKeys, mixer: Mixer): Block => {
  return { mixers: [mixer], feedForwards: feedForwards(config), norm: 'rms', norms: 2 }
}

/** Granite 3.0 (ibm-granite/granite-3.0-language-models); defaults of GraniteMoeConfig and GraniteMoeSharedConfig. */
export const graniteMoe = family(['granitemoe', 'granitemoeshared'], graniteKeys, (config, modelType) => {
  const attention = attentionOf(config, {
    bias: config.attention_bias ? 'all' : 'none',
    rotary: rotaryOf(config)
  })
  return decoder(modelType, config, () => blockOf(config, attention), {
    normEpsilon: config.rms_norm_eps,
    multipliers: multipliersOf(config)
  })
})

/** Granite 4.0; defaults and structure of GraniteMoeHybridConfig: dense models have no experts, only the shared one. */
export const graniteMoeHybrid = family(
  ['granitemoehybrid'],
  graniteKeys.extend({
    shared_intermediate_size: countOrNull(1024),
    layer_types: wordsOrNull('mamba', 'attention', 'linear_attention', 'full_attention'),
    mamba_n_heads: size(128),
    mamba_n_groups: size(1),
    mamba_d_state: size(256),
    mamba_d_conv: size(4),
    mamba_expand: size(2),
    mamba_conv_bias: flag(true),
    mamba_proj_bias: flag(false)
  }),
  (config, modelType) => {
    const { layer_types: types, num_hidden_layers: layers, mamba_n_heads: heads } = config
    const headSize = (config.mamba_expand * config.hidden_size) / heads
    check(Number.isInteger(headSize), 'mamba_n_heads', 'expected a divisor of mamba_expand x hidden_size', heads)
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' })
    const mamba: Mixer = {
      kind: 'mamba2',
      heads,
      headSize,
      groups: config.mamba_n_groups,
      stateSize: config.mamba_d_state,
      kernel: config.mamba_d_conv,
      kernelBias: config.mamba_conv_bias,
      projectionBias: config.mamba_proj_bias
    }
    return decoder(modelType, config, (layer) => {
      const type = types ? entryOf('layer_types', types, layer, layers) : 'mamba'
      const isAttention = type === 'attention' || type === 'full_attention'
      return blockOf(config, isAttention ? attention : mamba)
    })
  }
)
