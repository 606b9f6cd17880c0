import { expect, test } from 'vitest'
import { denseArchitecture, moeArchitecture } from '../../arch/presets'
import { llama3 } from '../../arch/published.fixture'
import { readConfig } from '../../arch/runnable'
import { checkpointLayout } from '.'
import { shapes } from './layout.fixture'

test('Llama-3-8B has as many tensors as its published model.safetensors.index.json', () => {
  expect(checkpointLayout(readConfig(llama3)).tensors).toHaveLength(291)
})

test('names and shapes', () => {
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

test('it has no names for experts', () => {
  const moe = moeArchitecture({ width: 16, vocabularySize: 55 })
  expect(() => checkpointLayout({ ...moe, modelType: 'llama' })).toThrow(/llama .* no names for experts/)
})
