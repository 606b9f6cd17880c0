import { expect, test } from 'vitest'
import { topKRouterSpec } from '../../arch/architecture'
import { moeArchitecture } from '../../arch/presets'
import { qwen15Moe } from '../../arch/published.fixture'
import { readConfig } from '../../arch/runnable'
import { checkpointLayout } from '.'
import { shapes } from './layout.fixture'

test('Qwen1.5-MoE-A2.7B has as many tensors as its published model.safetensors.index.json', () => {
  expect(checkpointLayout(readConfig(qwen15Moe)).tensors).toHaveLength(4659)
})

test('names and shapes, with a shared expert', () => {
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

test('without a shared expert keeps its names with zero sizes', () => {
  const top1 = moeArchitecture({ width: 16, vocabularySize: 55, topK: 1, router: topKRouterSpec(false) })
  expect(shapes(top1)).toMatchObject({
    'model.layers.1.mlp.shared_expert.gate_proj.weight': [0, 16],
    'model.layers.1.mlp.shared_expert.up_proj.weight': [0, 16],
    'model.layers.1.mlp.shared_expert.down_proj.weight': [16, 0],
    'model.layers.1.mlp.shared_expert_gate.weight': [1, 16]
  })
})
