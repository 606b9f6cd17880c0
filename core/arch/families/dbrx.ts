import { z } from 'zod'
import { expected } from '../describe/config-keys'
import { moeNetwork } from '../describe/parts'
import { family } from './family'
import { flag, layers, size } from './keys'
import { attentionOf, block, checkTopK, decoder } from './parts'

const nested = expected('an object')

/**
 * DBRX (databricks/dbrx, model/modeling_dbrx.py); defaults of DbrxConfig. Keys of attention and experts are nested;
 * LayerNorms have no bias.
 */
export const dbrx = family(
  ['dbrx'],
  z.object({
    vocab_size: size(32000),
    d_model: size(2048),
    n_layers: layers(24),
    n_heads: size(16),
    max_seq_len: size(2048),
    attn_config: z.object({ kv_n_heads: size(1) }, nested).default({ kv_n_heads: 1 }),
    ffn_config: z
      .object({ ffn_hidden_size: size(3584), moe_num_experts: size(4), moe_top_k: size(1) }, nested)
      .default({ ffn_hidden_size: 3584, moe_num_experts: 4, moe_top_k: 1 }),
    tie_word_embeddings: flag(false)
  }),
  (config, modelType) => {
    const moe = moeNetwork({
      experts: config.ffn_config.moe_num_experts,
      topK: config.ffn_config.moe_top_k,
      expertWidth: config.ffn_config.ffn_hidden_size
    })
    checkTopK('ffn_config.moe_top_k', moe)
    const usual = {
      ...config,
      hidden_size: config.d_model,
      num_hidden_layers: config.n_layers,
      num_attention_heads: config.n_heads,
      num_key_value_heads: config.attn_config.kv_n_heads,
      head_dim: null,
      max_position_embeddings: config.max_seq_len
    }
    return decoder(modelType, usual, () => block(attentionOf(usual), moe, { norm: 'layerWithoutBias' }), {
      finalNorm: 'layerWithoutBias'
    })
  }
)
