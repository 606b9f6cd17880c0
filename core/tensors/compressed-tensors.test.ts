import { expect, test } from 'vitest'
import { FormatError } from '../formats/format-error'
import { float32Of, int32Of, storedTensor } from '../formats/safetensors'
import { integersOf } from '../formats/tensor-data'
import { packedTensors, quantizationConfig, readQuantization, unpackedStore } from './compressed-tensors'
import type { MatrixGrid } from './grid'
import { storeOf } from './store.fixture'

/** Two outputs of eight inputs, in blocks of four. */
const grid: MatrixGrid = {
  bits: 4,
  block: 4,
  symmetric: false,
  scales: Float32Array.of(0.5, 1, 2, 0.25),
  zeros: Uint8Array.of(8, 0, 15, 3)
}
// Codes 0 to 7 and 8 to 15, of which the zero point is taken and that are multiplied by the scale.
const values = Float32Array.of(-4, -3.5, -3, -2.5, 4, 5, 6, 7, -14, -12, -10, -8, 2.25, 2.5, 2.75, 3)

test('by hand: words of eight codes along the inputs, zero points along the outputs', async () => {
  const tensors = new Map(packedTensors('x.weight', values, [2, 8], grid))
  const get = (name: string) => tensors.get(name) ?? storedTensor(new Uint8Array(), [0])
  expect(Array.from(integersOf(get('x.weight_shape')))).toEqual([2, 8])
  expect(get('x.weight_packed').shape).toEqual([2, 1])
  expect([...int32Of(get('x.weight_packed'))]).toEqual([0x76543210, 0xfedcba98 | 0])
  expect(get('x.weight_scale')).toMatchObject({ dtype: 'F16', shape: [2, 2] })
  expect([...float32Of(get('x.weight_scale'))]).toEqual([0.5, 1, 2, 0.25])
  // Of each block its two zero points, the first output's lowest.
  expect(get('x.weight_zero_point').shape).toEqual([1, 2])
  expect([...int32Of(get('x.weight_zero_point'))]).toEqual([0xf8, 0x30])
  const { store, grids } = await unpackedStore(storeOf(Object.fromEntries(tensors)), grid)
  expect([...store.tensors.keys()]).toEqual(['x.weight'])
  expect(grids).toEqual(new Map([['x.weight', grid]]))
})

test('no zero points where the grid is symmetric; other tensors stay', async () => {
  const symmetric = { ...grid, symmetric: true, zeros: new Uint8Array(4).fill(8) }
  const tensors = packedTensors('x.weight', new Float32Array(16), [2, 8], symmetric)
  expect(tensors.map(([name]) => name)).toEqual(['x.weight_shape', 'x.weight_packed', 'x.weight_scale'])
  const norm = ['norm.weight', storedTensor(new Float32Array(8), [8])] as const
  const { store, grids } = await unpackedStore(storeOf(Object.fromEntries([...tensors, norm])), symmetric)
  expect([...store.tensors.keys()]).toEqual(['x.weight', 'norm.weight'])
  expect(grids.get('x.weight')).toEqual(symmetric)
})

test('tensors that do not fit each other are named', async () => {
  const tensors = packedTensors('x.weight', values, [2, 8], grid)
  const without = (part: string) => storeOf(Object.fromEntries(tensors.filter(([name]) => name !== `x.weight_${part}`)))
  await expect(unpackedStore(without('scale'), grid)).rejects.toThrow(
    "model.safetensors: tensor 'x.weight_scale' is missing beside 'x.weight_packed'"
  )
  await expect(unpackedStore(storeOf(Object.fromEntries(tensors)), { ...grid, block: 8 })).rejects.toThrow(
    "tensor 'x.weight_scale' has shape [2, 2], but 4 bits in blocks of 8 call for [2, 1]"
  )
  await expect(unpackedStore(storeOf(Object.fromEntries(tensors)), { ...grid, bits: 8 })).rejects.toThrow(FormatError)
})

test('config.json says the grid; other quantisers and floats have none', () => {
  const config = quantizationConfig(grid, ['lm_head'])
  expect(config.ignore).toEqual(['lm_head'])
  expect(readQuantization({ quantization_config: config })).toEqual({ bits: 4, block: 4, symmetric: false })
  expect(readQuantization({})).toBeUndefined()
  expect(readQuantization({ quantization_config: { quant_method: 'gptq', bits: 4 } })).toBeUndefined()
  const { group_0 } = config.config_groups
  const two = { ...config, config_groups: { group_0, group_1: group_0 } }
  expect(() => readQuantization({ quantization_config: two })).toThrow('expected one group of matrices, found 2')
  const channel = { ...config, config_groups: { group_0: { weights: { ...group_0.weights, strategy: 'channel' } } } }
  expect(() => readQuantization({ quantization_config: channel })).toThrow(FormatError)
})
