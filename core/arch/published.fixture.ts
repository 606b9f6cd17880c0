/** Configurations of three published models, cut to the keys that matter, for tests against published figures. */

/** https://huggingface.co/mistralai/Mixtral-8x7B-v0.1/blob/main/config.json */
export const mixtral8x7b = {
  model_type: 'mixtral',
  hidden_act: 'silu',
  hidden_size: 4096,
  intermediate_size: 14336,
  max_position_embeddings: 32768,
  num_attention_heads: 32,
  num_experts_per_tok: 2,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  num_local_experts: 8,
  rms_norm_eps: 1e-5,
  rope_theta: 1e6,
  sliding_window: null,
  tie_word_embeddings: false,
  vocab_size: 32000
}

/** https://huggingface.co/Qwen/Qwen1.5-MoE-A2.7B/blob/main/config.json */
export const qwen15Moe = {
  model_type: 'qwen2_moe',
  decoder_sparse_step: 1,
  hidden_act: 'silu',
  hidden_size: 2048,
  intermediate_size: 5632,
  max_position_embeddings: 8192,
  max_window_layers: 21,
  moe_intermediate_size: 1408,
  norm_topk_prob: false,
  num_attention_heads: 16,
  num_experts: 60,
  num_experts_per_tok: 4,
  num_hidden_layers: 24,
  num_key_value_heads: 16,
  rms_norm_eps: 1e-6,
  rope_theta: 1e6,
  shared_expert_intermediate_size: 5632,
  sliding_window: 32768,
  tie_word_embeddings: false,
  use_sliding_window: false,
  vocab_size: 151936
}

/** https://huggingface.co/meta-llama/Meta-Llama-3-8B/blob/main/config.json */
export const llama3 = {
  model_type: 'llama',
  attention_bias: false,
  hidden_act: 'silu',
  hidden_size: 4096,
  intermediate_size: 14336,
  max_position_embeddings: 8192,
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  rope_theta: 500000,
  tie_word_embeddings: false,
  vocab_size: 128256
}
