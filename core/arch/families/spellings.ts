/** The names under which configurations have the same thing, the usual one first. */
export const spellings = {
  vocabulary: ['vocab_size', 'padded_vocab_size'],
  width: ['hidden_size', 'd_model', 'n_embd', 'dim', 'model_dim'],
  layers: ['num_hidden_layers', 'num_layers', 'n_layer', 'n_layers'],
  heads: ['num_attention_heads', 'num_heads', 'n_head', 'n_heads', 'attention_heads'],
  keyValueHeads: ['num_key_value_heads', 'num_kv_heads', 'n_kv_heads', 'multi_query_group_num'],
  headSize: ['head_dim', 'kv_channels', 'd_kv', 'dim_head'],
  context: ['max_position_embeddings', 'n_positions', 'max_seq_len', 'model_max_length', 'context_length'],
  feedForward: ['intermediate_size', 'ffn_hidden_size', 'd_ff', 'n_inner', 'ffn_dim', 'dff', 'dim_ff'],
  experts: ['num_experts', 'num_local_experts', 'n_routed_experts', 'moe_num_experts'],
  topK: [
    'num_experts_per_tok',
    'num_experts_per_token',
    'experts_per_token',
    'moe_topk',
    'moe_k',
    'moe_top_k',
    'top_k_experts'
  ],
  expertWidth: ['moe_intermediate_size', 'expert_ffn_hidden_size', 'moe_ffn_hidden_size'],
  sharedExperts: ['n_shared_experts', 'num_shared_experts', 'num_shared_expert', 'moe_num_shared_experts'],
  sharedWidth: ['shared_expert_intermediate_size', 'moe_shared_expert_intermediate_size'],
  firstDense: ['first_k_dense_replace', 'moe_layer_start_index', 'num_dense_layers', 'first_last_k_dense_replace'],
  latentRank: ['kv_lora_rank'],
  stateGroups: ['n_groups', 'mamba_n_groups'],
  convolution: ['conv_kernel', 'mamba_d_conv'],
  convolutionBias: ['use_conv_bias', 'mamba_conv_bias'],
  layerTypes: ['layer_types', 'layers_block_type'],
  predictionSteps: ['num_nextn_predict_layers', 'num_mtp_layers', 'mtp_num_hidden_layers']
} as const

export type Meaning = keyof typeof spellings

/** Names of the same in calculators and other programs, which no class of transformers has. */
const elsewhere: Partial<Record<Meaning, readonly string[]>> = {
  vocabulary: ['n_vocab', 'vocabulary_size'],
  width: ['hidden_dim', 'embed_dim', 'embedding_dim', 'n_embed', 'd_embed'],
  layers: ['num_layer', 'n_blocks', 'num_blocks', 'depth', 'num_transformer_layers'],
  heads: ['n_attention_heads', 'num_query_heads'],
  keyValueHeads: ['n_head_kv', 'num_query_groups', 'n_kv_head', 'kv_n_heads'],
  headSize: ['head_size', 'd_head'],
  context: ['max_seq_length', 'max_sequence_length', 'seq_length', 'n_ctx'],
  feedForward: ['ffn_embed_dim', 'inter_dim', 'mlp_dim', 'ffn_size', 'feed_forward_dim'],
  experts: ['n_experts', 'num_routed_experts', 'num_moe_experts', 'expert_num'],
  topK: [
    'n_activated_experts',
    'num_activated_experts',
    'num_active_experts',
    'num_selected_experts',
    'num_selects',
    'num_experts_top_k',
    'n_experts_per_token',
    'n_experts_per_tok',
    'experts_per_tok',
    'top_k',
    'topk',
    'router_top_k',
    'router_topk',
    'moe_router_topk'
  ],
  expertWidth: [
    'moe_inter_dim',
    'expert_dim',
    'd_expert',
    'expert_size',
    'moe_intermediate_dim',
    'expert_hidden_dim',
    'expert_hidden_size',
    'expert_intermediate_size'
  ],
  sharedExperts: ['num_shared_experts_per_layer'],
  firstDense: ['n_dense_layers', 'moe_layer_num_skipped']
}

/** The names of a meaning, those of transformers first. */
export function namesOfMeaning(meaning: Meaning): readonly string[] {
  return [...spellings[meaning], ...(elsewhere[meaning] ?? [])]
}

const meanings = Object.keys(spellings) as Meaning[]
const notNumbers = new Set<string>([...spellings.layerTypes, ...spellings.convolutionBias])
const foreign = new Set(Object.values(elsewhere).flat())
const usual = new Map(meanings.flatMap((meaning) => spellings[meaning].map((name) => [name as string, meaning])))
const groups = new Map(meanings.map(namesOfMeaning).flatMap((names) => names.map((name) => [name, names] as const)))

/** True for a name that only other programs have. */
export function isForeign(name: string): boolean {
  return foreign.has(name)
}

/** True for a name of something that is a number. */
export function isSize(name: string): boolean {
  return groups.has(name) && !notNumbers.has(name)
}

/** The meaning of a key by its usual names; undefined for any other. */
export function meaningOf(key: string): Meaning | undefined {
  return usual.get(key)
}

/**
 * For each of a schema's keys the other names of the same thing, which files of other versions of its class have
 * (`attribute_map` of transformers: Qwen3-MoE says `num_experts` or `num_local_experts`). Names that the schema reads
 * itself, as another thing, are left out.
 */
export function otherSpellings(keys: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    keys.flatMap((key) => {
      const others = groups.get(key)?.filter((other) => !keys.includes(other)) ?? []
      return others.length > 0 ? [[key, others]] : []
    })
  )
}
