import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryArchitecture } from './architecture.arbitrary'
import { llama3, mixtral8x7b, qwen15Moe } from './published.fixture'
import { readConfig } from './runnable'
import { writeConfig } from './write-config'

test('what is written is read back, also through JSON', () => {
  fc.assert(
    fc.property(arbitraryArchitecture, (architecture) => {
      expect(readConfig(JSON.parse(JSON.stringify(writeConfig(architecture))))).toEqual(architecture)
    })
  )
})

test('an architecture that the model type cannot express', () => {
  const mixtral = readConfig({ ...mixtral8x7b, num_hidden_layers: 2 })
  expect(() => writeConfig({ ...mixtral, modelType: 'llama' })).toThrow(/llama config.json cannot express/)
  const [first, second] = mixtral.layers
  if (!first || second?.feedForward.kind !== 'moe') throw new Error('expected two MoE layers')
  const wider = { ...second, feedForward: { ...second.feedForward, expertWidth: 8 } }
  expect(() => writeConfig({ ...mixtral, layers: [first, wider] })).toThrow(
    /layers\.1\.feedForward\.expertWidth is 8, and would be read back as 14336/
  )
})
test('the written file carries the keys that other software looks for', () => {
  expect(writeConfig(readConfig(qwen15Moe))).toMatchObject({
    ...Object.fromEntries(Object.entries(qwen15Moe).filter(([key]) => !/window/.test(key))),
    architectures: ['Qwen2MoeForCausalLM'],
    torch_dtype: 'float32',
    mlp_only_layers: [],
    qkv_bias: true,
    bos_token_id: null,
    eos_token_id: null
  })
  expect(writeConfig(readConfig(mixtral8x7b))).toMatchObject({ ...mixtral8x7b, architectures: ['MixtralForCausalLM'] })
  expect(writeConfig(readConfig(llama3))).toMatchObject({ ...llama3, architectures: ['LlamaForCausalLM'] })
})
