import fc from 'fast-check'
import { expect, test } from 'vitest'
import { topKRouterSpec } from './architecture'
import { arbitraryArchitecture } from './architecture.arbitrary'
import { readConfig } from './config'
import { countParameters } from './count/count'
import { denseArchitecture, moeArchitecture } from './presets'
import { llama3, mixtral8x7b, qwen15Moe } from './published.fixture'
import { checkpointTensors } from './tensors'

test('sizes sum to the counted total, and names are unique', () => {
  fc.assert(
    fc.property(arbitraryArchitecture, (architecture) => {
      const tensors = checkpointTensors(architecture)
      const weights = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0)
      expect(weights).toBe(countParameters(architecture).total)
      expect(new Set(tensors.map(({ name }) => name)).size).toBe(tensors.length)
    })
  )
})

test.each([
  // Numbers of names in the published model.safetensors.index.json files.
  ['Llama-3-8B', llama3, 291],
  ['Mixtral-8x7B', mixtral8x7b, 995],
  ['Qwen1.5-MoE-A2.7B', qwen15Moe, 4659]
])('%s has as many tensors as its published checkpoint', (_, config, count) => {
  expect(checkpointTensors(readConfig(config))).toHaveLength(count)
})

test('llama names and shapes', () => {
  const architecture = denseArchitecture({ width: 16, heads: 2, layers: 1, vocabularySize: 55, feedForwardWidth: 40 })
  expect(shapes({ ...architecture, tiedEmbeddings: false })).toEqual({
    'model.embed_tokens.weight': [55, 16],
    'model.layers.0.input_layernorm.weight': [16],
    'model.layers.0.self_attn.q_proj.weight': [16, 16],
    'model.layers.0.self_attn.k_proj.weight': [16, 16],
    'model.layers.0.self_attn.v_proj.weight': [16, 16],
    'model.layers.0.self_attn.o_proj.weight': [16, 16],
    'model.layers.0.post_attention_layernorm.weight': [16],
    'model.layers.0.mlp.gate_proj.weight': [40, 16],
    'model.layers.0.mlp.up_proj.weight': [40, 16],
    'model.layers.0.mlp.down_proj.weight': [16, 40],
    'model.norm.weight': [16],
    'lm_head.weight': [55, 16]
  })
  expect(shapes(architecture)).not.toHaveProperty(['lm_head.weight'])
})

test('mixtral names and shapes: w1 gates, w3 goes up, w2 down; fewer key heads than query heads', () => {
  const mixtral = shapes(readConfig(mixtral8x7b))
  expect(mixtral).toMatchObject({
    'model.layers.31.self_attn.q_proj.weight': [4096, 4096],
    'model.layers.31.self_attn.k_proj.weight': [1024, 4096],
    'model.layers.31.self_attn.v_proj.weight': [1024, 4096],
    'model.layers.31.self_attn.o_proj.weight': [4096, 4096],
    'model.layers.31.block_sparse_moe.gate.weight': [8, 4096],
    'model.layers.31.block_sparse_moe.experts.7.w1.weight': [14336, 4096],
    'model.layers.31.block_sparse_moe.experts.7.w2.weight': [4096, 14336],
    'model.layers.31.block_sparse_moe.experts.7.w3.weight': [14336, 4096]
  })
})

test('qwen2_moe names and shapes, with a shared expert', () => {
  expect(shapes(readConfig(qwen15Moe))).toMatchObject({
    'model.layers.23.self_attn.q_proj.bias': [2048],
    'model.layers.23.self_attn.k_proj.bias': [2048],
    'model.layers.23.self_attn.v_proj.bias': [2048],
    'model.layers.23.mlp.gate.weight': [60, 2048],
    'model.layers.23.mlp.experts.59.gate_proj.weight': [1408, 2048],
    'model.layers.23.mlp.experts.59.up_proj.weight': [1408, 2048],
    'model.layers.23.mlp.experts.59.down_proj.weight': [2048, 1408],
    'model.layers.23.mlp.shared_expert.gate_proj.weight': [5632, 2048],
    'model.layers.23.mlp.shared_expert.up_proj.weight': [5632, 2048],
    'model.layers.23.mlp.shared_expert.down_proj.weight': [2048, 5632],
    'model.layers.23.mlp.shared_expert_gate.weight': [1, 2048]
  })
})

test('qwen2_moe without a shared expert keeps its names with zero sizes', () => {
  const top1 = moeArchitecture({ width: 16, vocabularySize: 55, topK: 1, router: topKRouterSpec(false) })
  expect(shapes(top1)).toMatchObject({
    'model.layers.1.mlp.shared_expert.gate_proj.weight': [0, 16],
    'model.layers.1.mlp.shared_expert.up_proj.weight': [0, 16],
    'model.layers.1.mlp.shared_expert.down_proj.weight': [16, 0],
    'model.layers.1.mlp.shared_expert_gate.weight': [1, 16]
  })
})

test('what a model type has no names for is an error', () => {
  const moe = moeArchitecture({ width: 16, vocabularySize: 55, sharedWidth: 8 })
  expect(() => checkpointTensors({ ...moe, modelType: 'llama' })).toThrow(/llama .* no names for experts/)
  expect(() => checkpointTensors({ ...moe, modelType: 'mixtral' })).toThrow(/mixtral .* no names for a shared expert/)
})

function shapes(architecture: Parameters<typeof checkpointTensors>[0]): Record<string, readonly number[]> {
  return Object.fromEntries(checkpointTensors(architecture).map(({ name, shape }) => [name, shape]))
}
