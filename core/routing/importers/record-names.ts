/** Names that recorders give to the same thing, in columns and records; the first that is there counts. */
export const recordNames = {
  layer: ['layer', 'layer_id', 'layer_idx', 'layer_index', 'layer_number', 'layer_num', 'moe_layer', 'moe_layer_id'],
  /** Whose name has the number of the layer. */
  module: ['layer_name', 'module_name', 'module', 'name', 'prefix'],
  /** Of a token in its text. */
  token: ['token_idx', 'token_index', 'token_pos', 'token_position', 'pos', 'position', 'token'],
  text: [
    'seq_id',
    'sequence_id',
    'sequence',
    'seq',
    'seq_idx',
    'req_id',
    'request_id',
    'request',
    'sample_id',
    'prompt_id'
  ],
  rank: ['rank', 'k', 'k_idx', 'topk_idx', 'topk_rank', 'choice', 'slot'],
  expert: ['expert', 'expert_id', 'expert_idx', 'expert_index', 'selected_expert'],
  weight: [
    'weight',
    'gate',
    'gate_weight',
    'expert_weight',
    'routing_weight',
    'router_weight',
    'topk_weight',
    'prob',
    'score'
  ],
  tokenId: ['token_id', 'input_id', 'vocab_id'],
  /** Lists of one token or of many. */
  experts: [
    'topk_ids',
    'top_indices',
    'topk_indices',
    'topk_experts',
    'topk_idx',
    'top_experts',
    'selected_experts',
    'expert_ids',
    'expert_indices',
    'experts',
    'indices'
  ],
  weights: [
    'topk_weights',
    'top_weights',
    'topk_probs',
    'top_probs',
    'top_values',
    'topk_values',
    'expert_weights',
    'routing_weights',
    'gate_weights',
    'weights',
    'probs',
    'scores'
  ],
  /** Of a token in all experts of a layer, of many, or in all layers. */
  logits: ['router_logits', 'gate_logits', 'routing_logits', 'router_probs', 'routing_probs', 'gate_probs', 'logits'],
  /** Number of choices of each expert of a layer. */
  counts: [
    'expert_counts',
    'tokens_per_expert',
    'num_tokens_per_expert',
    'expert_load',
    'expert_loads',
    'expert_usage',
    'expert_histogram',
    'expert_frequency',
    'activation_counts',
    'counts'
  ],
  /** Number of choices of one expert. */
  count: ['count', 'counts', 'num_tokens', 'tokens', 'n', 'frequency', 'load', 'hits', 'activations'],
  /** Of what a token has in each layer, under the layers' numbers or as a list. */
  ofLayers: [
    'layers',
    'routing',
    'routes',
    'topk_ids',
    'selected_experts',
    'expert_ids',
    'expert_indices',
    'experts',
    'expert_counts',
    'counts',
    'router_logits'
  ],
  /** Of the model: what is counted on where tokens have no places. */
  pass: ['step', 'iteration', 'iter', 'batch_id', 'forward_pass_id', 'pass']
} as const satisfies Record<string, readonly string[]>

export type RecordName = keyof typeof recordNames

/** The name by which `has` something is there; undefined where none is. */
export function nameIn(has: (name: string) => boolean, name: RecordName): string | undefined {
  return recordNames[name].find(has)
}
