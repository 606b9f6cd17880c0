import { check } from '../describe/config-error'
import type { ModelDescription } from '../describe/description'
import { denseNetwork, listed, moeNetwork } from '../describe/parts'
import { family } from './family'
import { prediction } from './fine-grained'
import { countOrNull, layers, size, sizeOrNull } from './keys'
import { latentAttention, latentKeys } from './latent'
import { block, checkTopK, decoder } from './parts'

/**
 * LongCat-Flash (arXiv 2509.01322); defaults of LongcatFlashConfig of transformers. Some experts have no weights. A layer
 * for multi-token prediction has one attention and one dense feed-forward (section 2.4; longcat_flash_mtp.py of vLLM).
 */
export const longcat = family(
  ['longcat_flash', 'longcat_flash_ngram'],
  latentKeys.omit({ intermediate_size: true, moe_intermediate_size: true, num_experts_per_tok: true }).extend({
    vocab_size: size(131_072),
    hidden_size: size(6144),
    num_layers: layers(28),
    num_hidden_layers: layers(56),
    num_attention_heads: size(64),
    qk_head_dim: sizeOrNull(),
    ffn_hidden_size: size(12288),
    expert_ffn_hidden_size: size(2048),
    n_routed_experts: size(512),
    zero_expert_num: countOrNull(256),
    moe_topk: size(12),
    ngram_vocab_size_ratio: countOrNull(),
    emb_neighbor_num: size(4),
    emb_split_num: size(4),
    max_position_embeddings: sizeOrNull(131_072)
  }),
  (config, modelType) => {
    const keys = {
      ...config,
      intermediate_size: config.ffn_hidden_size,
      moe_intermediate_size: config.expert_ffn_hidden_size,
      num_experts_per_tok: config.moe_topk,
      // `num_hidden_layers` counts each attention; a layer has two.
      num_hidden_layers: config.num_layers
    }
    const moe = moeNetwork({
      experts: config.n_routed_experts,
      topK: config.moe_topk,
      expertWidth: config.expert_ffn_hidden_size,
      zeroExperts: config.zero_expert_num ?? 0,
      routerBias: true
    })
    checkTopK('moe_topk', moe)
    // The class makes the queries of this size, of which others make it a sum: no model runs in which the two differ.
    const { qk_nope_head_dim: plain, qk_rope_head_dim: rotary, qk_head_dim: whole } = config
    const parts = `expected qk_nope_head_dim + qk_rope_head_dim, ${plain} + ${rotary}`
    check(whole === null || whole === plain + rotary, 'qk_head_dim', parts, whole)
    const attention = latentAttention(keys)
    const dense = denseNetwork({ width: config.ffn_hidden_size })
    // Two halves of attention and dense feed-forward, and experts beside the first (figure 2 of the report).
    return decoder(
      modelType,
      keys,
      () => ({ mixers: [attention, attention], feedForwards: [dense, dense, moe], norm: 'rms', norms: 4 }),
      {
        multiTokenPrediction: prediction(config.num_nextn_predict_layers, () => block(attention, dense)),
        ...ngramTables(config)
      }
    )
  }
)

/**
 * LongCat-Flash-Lite (modeling_longcat_ngram.py of the checkpoint): for each number of earlier tokens some tables of hashed
 * n-grams, of `ratio` times the vocabulary each and a little more, and projections of their rows.
 */
function ngramTables(config: {
  readonly vocab_size: number
  readonly hidden_size: number
  readonly ngram_vocab_size_ratio: number | null
  readonly emb_neighbor_num: number
  readonly emb_split_num: number
}): Pick<ModelDescription, 'lookups' | 'extras'> {
  const rows = (config.ngram_vocab_size_ratio ?? 0) * config.vocab_size
  if (rows === 0) return {}
  const tables = Math.min(1000, config.emb_split_num * (config.emb_neighbor_num - 1))
  const inner = Math.floor(config.hidden_size / tables)
  return {
    lookups: [listed('embedding', 'tables of n-grams', tables * rows + tables ** 2, inner)],
    extras: [{ ...listed('other', 'projections of n-grams', 'width', inner), copies: tables }]
  }
}
