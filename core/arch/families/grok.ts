/** Grok. */
import { denseNetwork, moeNetwork } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, flagOrNone, size, sizeOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder } from './parts'

/**
 * Grok-1 (xai-org/grok-1, run.py and model.py): gated experts, four norms in a layer, tied. Its own code names the width
 * 8 and rounds 8 d 2/3 to 32768; configurations name the result. `grok-1` is the model type of converted checkpoints.
 * Grok 2.5 (xai-org/grok-2) has a dense feed-forward beside narrower experts, and is not tied.
 */
export const grok = family(
  ['grok1', 'grok-1'],
  decoderKeys({
    vocabulary: 131_072,
    width: 6144,
    layers: 64,
    heads: 48,
    keyValueHeads: 8,
    context: 8192,
    tied: true
  }).extend({
    intermediate_size: size(32768),
    moe_intermediate_size: sizeOrNull(),
    residual_moe: flag(false),
    tie_word_embeddings: flagOrNone,
    num_local_experts: sizeOrNull(),
    num_experts: sizeOrNull(),
    num_experts_per_tok: size(2)
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_local_experts ?? config.num_experts ?? 8,
      topK: config.num_experts_per_tok,
      expertWidth: config.moe_intermediate_size ?? config.intermediate_size
    })
    checkTopK('num_experts_per_tok', moe)
    const one = block(attentionOf(config), moe, { norms: 4 })
    const both = { ...one, feedForwards: [denseNetwork({ width: config.intermediate_size }), moe] }
    const keys = { ...config, tie_word_embeddings: config.tie_word_embeddings ?? !config.residual_moe }
    return decoder(modelType, keys, () => (config.residual_moe ? both : one))
  }
)
