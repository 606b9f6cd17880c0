import { expect, test } from 'vitest'
import { wholeTensor } from '../formats/filed-tensor'
import { float32Of, type StoredTensor, storedTensor } from '../formats/safetensors'
import { readScaledBlock, scaledStore } from './scaled-eights'
import { storeOf } from './store.fixture'

const eights = (bytes: readonly number[], shape: readonly number[]): StoredTensor => ({
  dtype: 'F8_E4M3',
  shape,
  data: Uint8Array.from(bytes)
})

const valuesOf = async (store: Awaited<ReturnType<typeof scaledStore>>, name: string) => {
  const tensor = store.tensors.get(name)
  if (!tensor) throw new Error(`no tensor ${name}`)
  return [...float32Of(await wholeTensor(tensor))]
}

// 1, -2, 448 and 2^-9 (Micikevicius et al. 2022, "FP8 Formats for Deep Learning", table 1).
const [one, minusTwo, largest, smallest] = [0x38, 0xc0, 0x7e, 0x01]

test('each value is multiplied by the scale of its block, also in blocks that are cut off', async () => {
  const store = await scaledStore(
    storeOf({
      'x.weight': eights([one, minusTwo, largest, one, one, one, smallest, minusTwo, one], [3, 3]),
      'x.weight_scale_inv': storedTensor(Float32Array.of(1, 10, 100, 1000), [2, 2]),
      'norm.weight': storedTensor(Float32Array.of(7), [1])
    }),
    [2, 2]
  )
  expect([...store.tensors.keys()]).toEqual(['x.weight', 'norm.weight'])
  expect(await valuesOf(store, 'x.weight')).toEqual([1, -2, 4480, 1, 1, 10, 100 * 2 ** -9, -200, 1000])
})

test('one scale for a matrix, and scales of matrices that lie in one tensor', async () => {
  const whole = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const
  const single = storeOf({
    'x.weight': eights([one, minusTwo], [1, 2]),
    'x.weight_scale_inv': storedTensor(Float32Array.of(0.5), [1])
  })
  expect(await valuesOf(await scaledStore(single, whole), 'x.weight')).toEqual([0.5, -1])
  const stacked = storeOf({
    experts: eights([one, one, one, one, one, one], [2, 3, 1]),
    experts_scale_inv: storedTensor(Float32Array.of(1, 2, 3, 4), [2, 2, 1])
  })
  expect(await valuesOf(await scaledStore(stacked, [2, 2]), 'experts')).toEqual([1, 1, 2, 3, 3, 4])
})

test('config.json says the blocks; scales that do not fit are named', async () => {
  const config = (more: object) => ({ quantization_config: { quant_method: 'fp8', ...more } })
  expect(readScaledBlock(config({ weight_block_size: [128, 64] }))).toEqual([128, 64])
  expect(readScaledBlock(config({}))?.[0]).toBe(Number.POSITIVE_INFINITY)
  expect(readScaledBlock({ quantization_config: { quant_method: 'gptq' } })).toBeUndefined()
  expect(() => readScaledBlock(config({ fmt: 'e5m2' }))).toThrow(/quantization_config.*fmt/)
  const store = storeOf({
    'x.weight': eights([one, one], [1, 2]),
    'x.weight_scale_inv': storedTensor(Float32Array.of(1, 2, 3), [3])
  })
  await expect(scaledStore(store, [1, 1])).rejects.toThrow(
    "tensor 'x.weight_scale_inv' has shape [3], but 'x.weight' of shape [1, 2] needs 2 scales"
  )
})
