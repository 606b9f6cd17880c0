import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moeLayers } from './architecture'
import { arbitraryArchitecture } from './architecture.arbitrary'
import { readDescription } from './describe/read'
import { withRouter } from './own-keys'
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

const lossFree = { kind: 'loss-free', update_rate: 0.25 }

test('a router that no other software has is written beside the keys of the kind, and read back', () => {
  fc.assert(
    fc.property(arbitraryArchitecture, (usual) => {
      const architecture = withRouter(usual, lossFree)
      const config = writeConfig(architecture)
      expect(readConfig(JSON.parse(JSON.stringify(config)))).toEqual(architecture)
      const routed = moeLayers(architecture).length > 0
      const own = routed || architecture.sharedLayers
      expect(config.model_type).toBe(own ? `moescope_${usual.modelType}` : usual.modelType)
      expect(config.router).toEqual(routed ? lossFree : undefined)
    })
  )
})

test('such a file is not read as one with the router of its kind', () => {
  const config = writeConfig(withRouter(readConfig(mixtral8x7b), lossFree))
  expect(config).toMatchObject({ num_local_experts: 8, num_experts_per_tok: 2, architectures: [] })
  expect(readDescription(config).stacks[0]?.blocks[0]?.feedForwards).toMatchObject([
    { router: lossFree, normaliseGates: null }
  ])
  expect(() => readConfig({ ...config, router: undefined })).toThrow(
    'config.json: router: expected its kind and settings, found nothing'
  )
  expect(() => readConfig({ ...config, router: { ...lossFree, rates: [1] } })).toThrow(
    /router: Unrecognized key.*rates/
  )
})

test('layers that share their weights', () => {
  const architecture = { ...readConfig({ ...llama3, num_hidden_layers: 4 }), sharedLayers: true as const }
  const config = writeConfig(architecture)
  expect(config).toMatchObject({ model_type: 'moescope_llama', num_hidden_groups: 1, num_hidden_layers: 4 })
  expect(readConfig(config)).toEqual(architecture)
  // ALBERT's key means nothing in a file of another kind.
  expect(readConfig({ ...llama3, num_hidden_groups: 1 })).toEqual(readConfig(llama3))
  expect(() => readConfig({ ...config, num_hidden_groups: 2 })).toThrow(
    'config.json: num_hidden_groups: expected 1 (all layers share their weights), found 2'
  )
  const different = { ...writeConfig(readConfig(qwen15Moe)), model_type: 'moescope_qwen2_moe', mlp_only_layers: [0] }
  expect(() => readConfig({ ...different, num_hidden_groups: 1 })).toThrow(
    'config.json: num_hidden_groups: expected layers that are alike, found different ones'
  )
})

test('layers with different routers', () => {
  const { layers, ...mixtral } = withRouter(readConfig({ ...mixtral8x7b, num_hidden_layers: 2 }), lossFree)
  const [first, second] = layers
  if (!first || second?.feedForward.kind !== 'moe') throw new Error('expected two MoE layers')
  const other = { ...second, feedForward: { ...second.feedForward, router: { ...lossFree, update_rate: 0.5 } } }
  expect(() => writeConfig({ ...mixtral, layers: [first, other] })).toThrow(
    /layers\.1\.feedForward\.router\.update_rate is 0\.5, and would be read back as 0\.25/
  )
})
