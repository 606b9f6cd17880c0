/** OLMo, dense and with experts. */
import { positive } from '../describe/config-keys'
import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { attentionTypes, computationKeys, decoderKeys, flag, size, sizeOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, rotaryOf, windowOf } from './parts'

const defaults = { vocabulary: 50304, width: 4096, layers: 32, heads: 32, context: 2048 }

/** Groeneveld et al. 2024 (arXiv 2402.00838); defaults of OlmoConfig. Its norms have no weights. */
export const olmo = family(
  ['olmo'],
  decoderKeys(defaults).extend({ intermediate_size: size(11008), attention_bias: flag(false) }),
  (config, modelType) =>
    decoder(
      modelType,
      config,
      () =>
        block(
          attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' }),
          denseNetwork({ width: config.intermediate_size }),
          { norm: 'none' }
        ),
      { finalNorm: 'none' }
    )
)

/**
 * OLMo 2 (arXiv 2501.00656) and 3; defaults of Olmo2Config and Olmo3Config: norms follow the parts instead of preceding
 * them, queries and keys have norms over all heads. OLMo 3 has three windowed layers to one full.
 */
export const olmo2 = family(
  ['olmo2', 'olmo3'],
  decoderKeys(defaults).extend({
    intermediate_size: size(11008),
    attention_bias: flag(false),
    sliding_window: sizeOrNull(4096),
    layer_types: attentionTypes
  }),
  (config, modelType) =>
    decoder(modelType, config, (layer) =>
      block(
        attentionOf(config, {
          bias: config.attention_bias ? 'all' : 'none',
          queryKeyNorm: 'allHeads',
          window: windowOf(config, layer, (each) => modelType === 'olmo3' && (each + 1) % 4 !== 0)
        }),
        denseNetwork({ width: config.intermediate_size })
      )
    )
)

/** Muennighoff et al. 2024 (arXiv 2409.02060); defaults of OlmoeConfig. `intermediate_size` is that of one expert. */
export const olmoe = family(
  ['olmoe'],
  decoderKeys({ ...defaults, width: 2048, layers: 16, heads: 16, context: 4096 }).extend({
    intermediate_size: size(2048),
    num_experts: size(64),
    num_experts_per_tok: size(8),
    norm_topk_prob: flag(false),
    attention_bias: flag(false),
    clip_qkv: positive.nullish(),
    ...computationKeys({ epsilon: 1e-5, base: 10_000 })
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.intermediate_size,
      activation: config.hidden_act,
      normaliseGates: config.norm_topk_prob
    })
    checkTopK('num_experts_per_tok', moe)
    const attention = attentionOf(config, {
      bias: config.attention_bias ? 'all' : 'none',
      queryKeyNorm: 'allHeads',
      rotary: rotaryOf(config),
      ...(config.clip_qkv ? { clip: config.clip_qkv } : {})
    })
    return decoder(modelType, config, () => block(attention, moe), { normEpsilon: config.rms_norm_eps })
  }
)
