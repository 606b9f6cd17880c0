/** The parameters of a model, by what they are in it. */
import type { Draw } from './draw'

/** One for the whole model. */
export type ModelPart = 'embedding' | 'final_norm' | 'output'

/** One for each layer that has it; `router.` and a name is what a kind of router learns beside its matrix. */
export type LayerPart =
  | 'attention_norm'
  | 'qkv'
  | 'qkv_bias'
  | 'query_norm'
  | 'key_norm'
  | 'query_down'
  | 'query_down_bias'
  | 'query_up'
  | 'key_value_down'
  | 'key_value_down_bias'
  | 'key_value_norm'
  | 'key_value_up'
  | 'sinks'
  | 'attention_output'
  | 'attention_output_bias'
  | 'feed_forward_norm'
  | 'gate_up'
  | 'down'
  | 'router'
  | 'router_bias'
  | `router.${string}`
  | 'shared_gate_up'
  | 'shared_down'
  | 'shared_gate'

/** One for each expert of a layer. */
export type ExpertPart = 'expert_gate_up' | 'expert_gate_up_bias' | 'expert_down' | 'expert_down_bias'

export type PartName = ModelPart | LayerPart | ExpertPart

/** The parameter's place in the model. */
export interface PartKey {
  readonly part: PartName
  /** Of a layer's parameter, its index. */
  readonly layer?: number | undefined
  /** Of an expert's parameter, its index. */
  readonly expert?: number | undefined
}

/** A parameter and how it begins. */
export interface Part extends PartKey {
  readonly draw: Draw
}

/** Its name in graphs and messages: `embedding`, `layers.0.qkv`, `layers.0.expert_down.3`. */
export function parameterName({ part, layer, expert }: PartKey): string {
  return `${layer === undefined ? '' : `layers.${layer}.`}${part}${expert === undefined ? '' : `.${expert}`}`
}
