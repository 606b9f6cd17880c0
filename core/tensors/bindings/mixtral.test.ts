import { expect, test } from 'vitest'
import { moeArchitecture } from '../../arch/presets'
import { mixtral8x7b } from '../../arch/published.fixture'
import { readConfig } from '../../arch/runnable'
import { checkpointLayout } from '.'
import { shapes } from './layout.fixture'

test('Mixtral-8x7B has as many tensors as its published model.safetensors.index.json', () => {
  expect(checkpointLayout(readConfig(mixtral8x7b)).tensors).toHaveLength(995)
})

test('names and shapes: w1 gates, w3 goes up, w2 down; fewer key heads than query heads', () => {
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

test('it has no names for a shared expert', () => {
  const moe = moeArchitecture({ width: 16, vocabularySize: 55, sharedWidth: 8 })
  expect(() => checkpointLayout({ ...moe, modelType: 'mixtral' })).toThrow(/mixtral .* no names for a shared expert/)
})
