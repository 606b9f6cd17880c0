/** Configurations of other programs than transformers, in the words of Hugging Face. */
import { isObject, type Keys } from './config-keys'

/** A configuration in the keys of its class, and where it is from. */
export interface Translated {
  readonly keys: Keys
  readonly note: string
}

/**
 * Mistral's and Meta's params.json and the configurations of DeepSeek's inference code, which have no `model_type`;
 * undefined for another file.
 */
export function fromOtherProgram(json: Keys): Translated | undefined {
  const { dim, n_layers: layers, n_heads: heads } = json
  const { hidden_dim: width, ffn_embed_dim: inner } = json
  if (json.model_type === 'llama' && typeof width === 'number' && inner === 4 * width) {
    const note = `ffn_embed_dim is 4 x hidden_dim, as calculators have it: the gated feed-forward of Llama is 8 d / 3 wide`
    return { keys: { ...json, ffn_embed_dim: undefined, intermediate_size: gatedWidth(width) }, note }
  }
  if (json.model_type !== undefined || dim === undefined || layers === undefined || heads === undefined)
    return undefined
  const shared = {
    hidden_size: dim,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    vocab_size: json.vocab_size,
    tie_word_embeddings: json.tied_embeddings ?? json.tie_word_embeddings
  }
  if (json.n_routed_experts !== undefined) return deepSeek(json, shared)
  return json.hidden_dim === undefined ? llama(json, shared) : mistral(json, shared)
}

/** deepseek-ai/DeepSeek-V3, inference/model.py (`ModelArgs`), and the later ones. */
function deepSeek(json: Keys, shared: Keys): Translated {
  const modelType =
    json.o_lora_rank !== undefined
      ? 'deepseek_v4'
      : json.index_n_heads !== undefined
        ? 'deepseek_v32'
        : json.score_func === 'sigmoid'
          ? 'deepseek_v3'
          : 'deepseek_v2'
  const keys = {
    ...json,
    ...shared,
    model_type: modelType,
    intermediate_size: json.inter_dim,
    moe_intermediate_size: json.moe_inter_dim,
    first_k_dense_replace: json.n_dense_layers,
    num_experts_per_tok: json.n_activated_experts,
    num_hash_layers: json.n_hash_layers,
    qk_rope_head_dim: json.qk_rope_head_dim ?? json.rope_head_dim,
    q_lora_rank: json.q_lora_rank === 0 || json.q_lora_rank === undefined ? null : json.q_lora_rank,
    quantization_config: json.dtype === 'fp8' ? { quant_method: 'fp8', weight_block_size: [128, 128] } : undefined,
    ...withoutOwnNames
  }
  return { keys: defined(keys), note: `a configuration of DeepSeek's inference code, read as a ${modelType}` }
}

/** Leaves out the keys of that code, which stand in `keys` under their names in transformers. */
const withoutOwnNames = Object.fromEntries(
  'dtype dim inter_dim moe_inter_dim n_layers n_dense_layers n_heads n_activated_experts n_expert_groups'
    .split(' ')
    .map((key) => [key, undefined])
)

/** mistral-inference (`TransformerArgs`): `hidden_dim` is the width of the feed-forwards. */
function mistral(json: Keys, shared: Keys): Translated {
  const moe = isObject(json.moe) ? json.moe : undefined
  const isLatent = json.kv_lora_rank !== undefined && json.kv_lora_rank !== null
  const modelType = isLatent ? 'mistral4' : moe ? 'mixtral' : 'mistral'
  const keys = {
    ...shared,
    model_type: modelType,
    intermediate_size: json.hidden_dim,
    num_key_value_heads: json.n_kv_heads,
    head_dim: json.head_dim,
    sliding_window: json.sliding_window ?? null,
    num_local_experts: moe?.num_experts,
    n_routed_experts: moe?.num_experts,
    num_experts_per_tok: moe?.num_experts_per_tok,
    moe_intermediate_size: moe?.expert_hidden_dim,
    n_shared_experts: moe?.num_shared_experts,
    first_k_dense_replace: moe?.first_k_dense_replace,
    ...(isLatent
      ? {
          q_lora_rank: json.q_lora_rank,
          kv_lora_rank: json.kv_lora_rank,
          qk_rope_head_dim: json.qk_rope_head_dim,
          qk_nope_head_dim: json.qk_nope_head_dim,
          v_head_dim: json.v_head_dim
        }
      : {})
  }
  return { keys: defined(keys), note: `a params.json of Mistral, read as a ${modelType}` }
}

/** meta-llama/llama (`ModelArgs`): the feed-forward is 8 d / 3, times a factor, rounded up. */
function llama(json: Keys, shared: Keys): Translated {
  const { dim, ffn_dim_multiplier: factor = 1, multiple_of: multiple = 256, vocab_size: vocabulary } = json
  const keys = {
    ...shared,
    model_type: 'llama',
    intermediate_size:
      typeof dim === 'number' && typeof factor === 'number' && typeof multiple === 'number'
        ? gatedWidth(dim, factor, multiple)
        : undefined,
    num_key_value_heads: json.n_kv_heads,
    // The tokenizer's number, which the files of Llama 1 and 2 leave out.
    vocab_size: vocabulary === -1 || vocabulary === undefined ? 32_000 : vocabulary
  }
  const guess =
    vocabulary === -1 || vocabulary === undefined
      ? '; the vocabulary, which it leaves to the tokenizer, is taken to be 32000'
      : ''
  return { keys: defined(keys), note: `a params.json of Meta's Llama, read as a llama${guess}` }
}

/** Touvron et al. 2023, section 2.2: 2/3 of 4 d, times a factor, rounded up to a multiple (`FeedForward` of llama). */
function gatedWidth(width: number, factor = 1, multiple = 256): number {
  return multiple * Math.ceil(Math.floor(factor * Math.floor((8 * width) / 3)) / multiple)
}

function defined(keys: Keys): Keys {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined))
}
