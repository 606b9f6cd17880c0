/** The tensors of a Hugging Face checkpoint: exact names and shapes of the three runnable kinds. */
import type { Architecture, Attention, FeedForward, MoeFeedForward, RunnableModelType } from './architecture'

export interface CheckpointTensor {
  readonly name: string
  /** A projection is `[outputs, inputs]`, the embedding `[vocabulary, width]`, a norm or bias `[width]`. */
  readonly shape: readonly number[]
}

/**
 * Every tensor of the architecture's checkpoint in the order of the forward pass. A `qwen2_moe` layer without a shared
 * expert keeps its tensors, with zero-size shapes, and its gate: other software expects the names.
 * Throws `RangeError` when the model type has no names for a layer.
 */
export function checkpointTensors(architecture: Architecture): CheckpointTensor[] {
  const { vocabularySize, width, layers, modelType, tiedEmbeddings } = architecture
  return [
    { name: 'model.embed_tokens.weight', shape: [vocabularySize, width] },
    ...layers.flatMap(({ attention, feedForward }, index) =>
      [
        { name: 'input_layernorm.weight', shape: [width] },
        ...attentionTensors(attention, width),
        { name: 'post_attention_layernorm.weight', shape: [width] },
        ...feedForwardTensors(feedForward, width, modelType)
      ].map(({ name, shape }) => ({ name: `model.layers.${index}.${name}`, shape }))
    ),
    { name: 'model.norm.weight', shape: [width] },
    ...(tiedEmbeddings ? [] : [{ name: 'lm_head.weight', shape: [vocabularySize, width] }])
  ]
}

function attentionTensors(attention: Attention, width: number): CheckpointTensor[] {
  const queries = attention.heads * attention.headSize
  const keys = attention.keyValueHeads * attention.headSize
  const projection = (name: string, outputs: number): CheckpointTensor[] => [
    { name: `self_attn.${name}.weight`, shape: [outputs, width] },
    ...(attention.projectionBias ? [{ name: `self_attn.${name}.bias`, shape: [outputs] }] : [])
  ]
  return [
    ...projection('q_proj', queries),
    ...projection('k_proj', keys),
    ...projection('v_proj', keys),
    { name: 'self_attn.o_proj.weight', shape: [width, queries] }
  ]
}

function feedForwardTensors(feedForward: FeedForward, width: number, modelType: RunnableModelType): CheckpointTensor[] {
  if (feedForward.kind === 'dense') return swiglu('mlp', width, feedForward.width)
  switch (modelType) {
    case 'mixtral':
      return mixtralTensors(feedForward, width)
    case 'qwen2_moe':
      return qwen2MoeTensors(feedForward, width)
    case 'llama':
      throw new RangeError('a llama checkpoint has no names for experts: expected model type mixtral or qwen2_moe')
  }
}

function mixtralTensors({ experts, expertWidth, sharedWidth }: MoeFeedForward, width: number): CheckpointTensor[] {
  if (sharedWidth > 0) {
    throw new RangeError('a mixtral checkpoint has no names for a shared expert: expected model type qwen2_moe')
  }
  return [
    { name: 'block_sparse_moe.gate.weight', shape: [experts, width] },
    ...numbered(experts, (expert) =>
      swiglu(`block_sparse_moe.experts.${expert}`, width, expertWidth, { gate: 'w1', up: 'w3', down: 'w2' })
    )
  ]
}

function qwen2MoeTensors({ experts, expertWidth, sharedWidth }: MoeFeedForward, width: number): CheckpointTensor[] {
  return [
    { name: 'mlp.gate.weight', shape: [experts, width] },
    ...numbered(experts, (expert) => swiglu(`mlp.experts.${expert}`, width, expertWidth)),
    ...swiglu('mlp.shared_expert', width, sharedWidth),
    { name: 'mlp.shared_expert_gate.weight', shape: [1, width] }
  ]
}

function swiglu(
  prefix: string,
  width: number,
  hidden: number,
  names = { gate: 'gate_proj', up: 'up_proj', down: 'down_proj' }
): CheckpointTensor[] {
  return [
    { name: `${prefix}.${names.gate}.weight`, shape: [hidden, width] },
    { name: `${prefix}.${names.up}.weight`, shape: [hidden, width] },
    { name: `${prefix}.${names.down}.weight`, shape: [width, hidden] }
  ]
}

function numbered(experts: number, tensors: (expert: number) => CheckpointTensor[]): CheckpointTensor[] {
  return Array.from({ length: experts }, (_, expert) => tensors(expert)).flat()
}
