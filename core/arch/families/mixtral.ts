/** Mixtral: all layers have experts of `intermediate_size`, and none is shared. */
import { moeNetwork } from '../describe/parts'
import { family } from './family'
import { computationKeys, decoderKeys, size, sizeOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, rotaryOf } from './parts'

/** Jiang et al. 2024 (arXiv 2401.04088); defaults of MixtralConfig. */
export const mixtral = family(
  ['mixtral'],
  decoderKeys({ vocabulary: 32000, width: 4096, layers: 32, heads: 32, keyValueHeads: 8, context: 131_072 }).extend({
    ...computationKeys({ epsilon: 1e-5, base: 1_000_000 }),
    intermediate_size: size(14336),
    num_local_experts: size(8),
    num_experts_per_tok: size(2),
    sliding_window: sizeOrNull()
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_local_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.intermediate_size,
      activation: config.hidden_act,
      normaliseGates: true
    })
    checkTopK('num_experts_per_tok', moe)
    const attention = attentionOf(config, { window: config.sliding_window, rotary: rotaryOf(config) })
    return decoder(modelType, config, () => block(attention, moe), { normEpsilon: config.rms_norm_eps })
  }
)
