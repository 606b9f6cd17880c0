import { expect, test } from 'vitest'
import { wholeTensor } from '../formats/filed-tensor'
import { float32Of, storedTensor } from '../formats/safetensors'
import { floatedStore, isMicroscaled } from './microscaled'
import { storeOf } from './store.fixture'

/** Two experts of one output and 32 inputs: all 16 values twice, and zeros but for the last two. */
const every = [0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe]
const codes = Uint8Array.from([...every, ...every, ...new Array<number>(15).fill(0), 0xf1])
const blocks = storedTensor(codes, [2, 1, 1, 16])
const scales = storedTensor(Uint8Array.of(128, 120), [2, 1, 1])

test('by hand: lower bits first, each times two to the power of its scale less 127', async () => {
  const norm = storedTensor(Float32Array.of(7), [1])
  const store = await floatedStore(storeOf({ 'experts.up_blocks': blocks, 'experts.up_scales': scales, norm }))
  expect([...store.tensors.keys()]).toEqual(['experts.up', 'norm'])
  const up = store.tensors.get('experts.up')
  if (!up) throw new Error('no tensor')
  expect(up.shape).toEqual([2, 32, 1])
  // Table 5 of the specification, doubled: the first scale is 2, the second 1 / 128.
  const doubled = [0, 1, 2, 3, 4, 6, 8, 12, -0, -1, -2, -3, -4, -6, -8, -12]
  const second = [...new Array<number>(30).fill(0), 0.5 / 128, -6 / 128]
  expect([...float32Of(await wholeTensor(up))]).toEqual([...doubled, ...doubled, ...second])
})

test('inputs of several outputs lie apart', async () => {
  const two = storeOf({
    up_blocks: storedTensor(codes, [1, 2, 1, 16]),
    up_scales: storedTensor(Uint8Array.of(127, 127), [1, 2, 1])
  })
  const up = (await floatedStore(two)).tensors.get('up')
  if (!up) throw new Error('no tensor')
  const floats = float32Of(await wholeTensor(up))
  expect(up.shape).toEqual([1, 32, 2])
  expect([floats[2], floats[3], floats[62], floats[63]]).toEqual([0.5, 0, -6, -6])
})

test('config.json says it; tensors that do not fit are named', async () => {
  expect(isMicroscaled({ quantization_config: { quant_method: 'mxfp4' } })).toBe(true)
  expect(isMicroscaled({ quantization_config: { quant_method: 'fp8' } })).toBe(false)
  await expect(floatedStore(storeOf({ up_blocks: blocks }))).rejects.toThrow(
    "tensor 'up_scales' is missing beside 'up_blocks'"
  )
  const other = storedTensor(Uint8Array.of(1), [1, 1, 1])
  await expect(floatedStore(storeOf({ up_blocks: blocks, up_scales: other }))).rejects.toThrow(
    "'up_blocks' [2, 1, 1, 16] and 'up_scales' [1, 1, 1] do not fit"
  )
})
