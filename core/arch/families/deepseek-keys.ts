/** Keys that DeepSeek-V3 and what follows it share. */
import { groupingKeys } from './grouped-routing'
import { computationKeys, count, countOrNull, flag, layers, size, sizeOrNull } from './keys'
import { type LatentKeys, latentKeys } from './latent'

/** The keys of DeepSeek-V3 and what follows it. */
export const v3Keys = latentKeys.extend({
  vocab_size: size(129_280),
  hidden_size: size(7168),
  num_hidden_layers: layers(61),
  num_attention_heads: size(128),
  intermediate_size: size(18432),
  moe_intermediate_size: size(2048),
  n_routed_experts: countOrNull(256),
  n_shared_experts: countOrNull(1),
  num_experts_per_tok: size(8),
  first_k_dense_replace: count(3),
  max_position_embeddings: sizeOrNull(4096),
  ...computationKeys({ epsilon: 1e-6, base: 10_000 }),
  ...groupingKeys({ groups: 8, used: 4, normalised: true, factor: 2.5 }),
  rope_interleave: flag(true)
})

/** True where the router's choices are corrected by a bias. */
export const isBalanced = ({ topk_method: method }: LatentKeys) => method === null || method === 'noaux_tc'
