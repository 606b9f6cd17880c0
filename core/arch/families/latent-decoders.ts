/** Decoders with the latent attention of DeepSeek that differ in few things. */
import { listed } from '../describe/parts'
import { family } from './family'
import { sparseDefaults } from './fine-grained'
import { count, flag, layers, size, sizeOrNull } from './keys'
import { describeLatent, indexerKeys, indexerOf, latentKeys } from './latent'

/** Mistral Small 4 and Large 3: DeepSeek's attention and experts with a plain router. */
export const mistral4 = family(
  ['mistral4', 'mistral_large_3', 'mistral_large3'],
  latentKeys.extend({
    ...sparseDefaults({ feedForward: 12288, expertWidth: 2048, experts: 128, topK: 4, shared: 1 }),
    vocab_size: size(131_072),
    hidden_size: size(4096),
    num_hidden_layers: layers(36),
    num_attention_heads: size(32),
    max_position_embeddings: sizeOrNull(1_048_576),
    q_lora_rank: sizeOrNull(1024),
    kv_lora_rank: size(256),
    qk_nope_head_dim: size(64)
  }),
  (config, modelType) => describeLatent(config, modelType, false)
)

/** SK Telecom's A.X K1: DeepSeek-V3 with a norm after the experts. */
export const axK1 = family(
  ['axk1'],
  latentKeys.extend({
    ...sparseDefaults({ feedForward: 18432, expertWidth: 2048, experts: 192, topK: 8, shared: 1, firstDense: 1 }),
    vocab_size: size(163_840),
    hidden_size: size(7168),
    num_hidden_layers: layers(61),
    num_attention_heads: size(64)
  }),
  (config, modelType) =>
    describeLatent(config, modelType, true, undefined, { block: (sparse) => ({ norms: sparse ? 3 : 2 }) })
)

/** A.X K2: queries, gated by each head's feature, come from two latents in one projection; norms with a gate. */
export const axK2 = family(
  ['axk2'],
  latentKeys.extend({
    ...sparseDefaults({ feedForward: 5120, expertWidth: 512, experts: 128, topK: 8, shared: 1, firstDense: 1 }),
    ...indexerKeys,
    vocab_size: size(163_840),
    hidden_size: size(2048),
    num_hidden_layers: layers(48),
    num_attention_heads: size(32),
    q_lora_rank: size(384),
    kv_lora_rank: size(128),
    qk_nope_head_dim: size(64),
    qk_rope_head_dim: size(32),
    v_head_dim: size(64),
    index_n_heads: size(16),
    gated_norm_rank: count(16)
  }),
  (config, modelType) => {
    const { num_attention_heads: heads, q_lora_rank: rank, gated_norm_rank: gate } = config
    const indexer = indexerOf(config)
    // Beyond the projection out of one latent: the second latent's half, and the gates from both.
    const gates =
      rank * heads * (config.qk_nope_head_dim + config.qk_rope_head_dim) + 2 * rank * heads * config.v_head_dim
    const normGate = (count: number) => listed('norms', 'gates of the norms', 2 * count * gate, 'width')
    return describeLatent(config, modelType, true, () => indexer, {
      block: (sparse) => ({
        extras: [listed('attention', 'queries and gates out of both latents', gates), normGate(sparse ? 2 : 1)]
      })
    })
  }
)

/** MiniCPM3 and Youtu-LLM: latent attention and dense feed-forwards. */
export const denseLatent = family(
  ['minicpm3', 'youtu'],
  latentKeys.omit({ num_experts_per_tok: true, moe_intermediate_size: true }).extend({
    vocab_size: size(73448),
    hidden_size: size(2560),
    num_hidden_layers: layers(62),
    num_attention_heads: size(40),
    intermediate_size: size(6400),
    max_position_embeddings: sizeOrNull(32768),
    tie_word_embeddings: flag(true),
    mlp_bias: flag(false)
  }),
  (config, modelType) =>
    describeLatent(
      { ...config, n_routed_experts: 0, num_experts_per_tok: 1, moe_intermediate_size: 1 },
      modelType,
      false,
      undefined,
      { dense: { bias: config.mlp_bias } }
    )
)
