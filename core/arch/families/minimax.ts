/** MiniMax-01 with its linear attention, and M2 without. */
import type { Mixer } from '../describe/description'
import { moeNetwork } from '../describe/parts'
import { family } from './family'
import { count, countOrNull, decoderKeys, flag, listOrNull, size, sizeOrNull, wordsOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, entryOf, headSizeOf } from './parts'

const miniMaxDefaults = { vocabulary: 32000, width: 4096, layers: 32, heads: 32, keyValueHeads: 8, context: 131_072 }

const miniMaxKeys = decoderKeys(miniMaxDefaults).extend({
  intermediate_size: size(14336),
  num_local_experts: size(8),
  num_experts_per_tok: size(2),
  attn_type_list: listOrNull(count(), 'a list of 0 (linear attention) and 1 (attention)'),
  shared_intermediate_size: countOrNull(0)
})

interface ExpertKeys {
  readonly num_local_experts: number
  readonly num_experts_per_tok: number
  readonly intermediate_size: number
  readonly shared_intermediate_size: number | null
}

const expertsOf = (config: ExpertKeys, routerBias: boolean) => {
  const shared = config.shared_intermediate_size ?? 0
  const moe = moeNetwork({
    experts: config.num_local_experts,
    topK: config.num_experts_per_tok,
    expertWidth: config.intermediate_size,
    routerBias,
    sharedExperts: shared > 0 ? 1 : 0,
    sharedExpertWidth: shared
  })
  checkTopK('num_experts_per_tok', moe)
  return moe
}

/**
 * MiniMax-01 and M1 (arXiv 2501.08313 and 2506.13585; modeling_minimax_text_01.py of the checkpoint; defaults of
 * MiniMaxConfig of transformers): seven layers of lightning attention to one of attention, experts everywhere.
 */
export const miniMax = family(
  ['minimax_text_01', 'minimax_m1', 'minimax'],
  miniMaxKeys.extend({ layer_types: wordsOrNull('full_attention', 'linear_attention') }),
  (config, modelType) => {
    const { attn_type_list: list, layer_types: types, num_hidden_layers: layers } = config
    const isLinear = (layer: number): boolean => {
      if (list) return entryOf('attn_type_list', list, layer, layers) === 0
      if (types) return entryOf('layer_types', types, layer, layers) === 'linear_attention'
      // The default of MiniMaxConfig: every second layer is linear.
      return layer % 2 === 1
    }
    const linear: Mixer = {
      kind: 'lightningAttention',
      heads: config.num_attention_heads,
      headSize: headSizeOf(config)
    }
    const attention = attentionOf(config)
    const moe = expertsOf(config, false)
    return decoder(modelType, config, (layer) => block(isLinear(layer) ? linear : attention, moe))
  }
)

/**
 * MiniMax-M2; defaults and structure of MiniMaxM2Config of transformers: norms of queries and keys over all heads, a
 * router bias. Files name modules of multi-token prediction that the published checkpoints do not have
 * (MiniMax-AI/MiniMax-M2.7, issue 16), so that nothing tells what they weigh.
 */
export const miniMaxM2 = family(
  ['minimax_m2'],
  decoderKeys({
    vocabulary: 200_064,
    width: 3072,
    layers: 62,
    heads: 48,
    keyValueHeads: 8,
    headSize: 128,
    context: 196_608
  }).extend({
    intermediate_size: size(1536),
    num_local_experts: size(256),
    num_experts_per_tok: size(8),
    shared_intermediate_size: countOrNull(0),
    use_qk_norm: flag(true),
    use_routing_bias: flag(true),
    sliding_window: sizeOrNull(),
    num_mtp_modules: countOrNull(0)
  }),
  (config, modelType) => {
    const queryKeyNorm = config.use_qk_norm ? 'allHeads' : 'none'
    const attention = attentionOf(config, { queryKeyNorm, window: config.sliding_window })
    const moe = expertsOf(config, config.use_routing_bias)
    const modules = config.num_mtp_modules ?? 0
    return decoder(modelType, config, () => block(attention, moe), {
      leftOut: modules > 0 ? [`num_mtp_modules (${modules} in the file, none in the published checkpoints)`] : []
    })
  }
)
