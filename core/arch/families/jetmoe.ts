import { moeNetwork } from '../describe/parts'
import { family } from './family'
import { decoderKeys, size } from './keys'
import { checkTopK, decoder } from './parts'

/**
 * JetMoE (arXiv 2404.07413); defaults and structure of JetMoeConfig: the same router sizes in attention and feed-forward,
 * heads of `kv_channels`, `num_key_value_heads` of them in each attention expert. Older files name `ffn_hidden_size`,
 * `moe_num_experts` and `moe_top_k`.
 */
export const jetMoe = family(
  ['jetmoe'],
  decoderKeys({ vocabulary: 32000, width: 2048, layers: 12, keyValueHeads: 16, heads: 32, context: 4096, tied: true })
    .omit({ head_dim: true })
    .extend({
      num_key_value_heads: size(16),
      kv_channels: size(128),
      intermediate_size: size().optional(),
      ffn_hidden_size: size(5632),
      num_local_experts: size().optional(),
      moe_num_experts: size(8),
      num_experts_per_tok: size().optional(),
      moe_top_k: size(2)
    }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.num_local_experts ?? config.moe_num_experts,
      topK: config.num_experts_per_tok ?? config.moe_top_k,
      expertWidth: config.intermediate_size ?? config.ffn_hidden_size,
      outputBias: true
    })
    checkTopK('num_experts_per_tok', moe)
    return decoder(modelType, config, () => ({
      mixers: [
        {
          kind: 'routedAttention',
          experts: moe.experts,
          topK: moe.topK,
          keyValueHeads: config.num_key_value_heads,
          headSize: config.kv_channels
        }
      ],
      feedForwards: [moe],
      norm: 'rms',
      norms: 2
    }))
  }
)
