import { expect, test } from 'vitest'
import { type ByteSource, byteSource } from '../formats/byte-source'
import { wholeTensor } from '../formats/filed-tensor'
import { float32Of, type StoredTensor, storedTensor, writeSafetensors } from '../formats/safetensors'
import { openTensorStore } from './store'

/** A file that keeps account of which bytes are read. */
function fileOf(name: string, tensors: readonly (readonly [string, StoredTensor])[]) {
  const ranges: [number, number][] = []
  const all = byteSource(name, writeSafetensors(tensors))
  const source: ByteSource = {
    ...all,
    bytes: (start = 0, end = all.size) => {
      ranges.push([start, end])
      return all.bytes(start, end)
    }
  }
  return { source, ranges }
}

const firstFile = () =>
  fileOf('model-1.safetensors', [
    ['a', storedTensor(Float32Array.of(1, 2, 3, 4), [2, 2])],
    // 1, -2 and 0.5 as BF16: the upper halves of their float32 bits.
    ['b', { dtype: 'BF16', shape: [3], data: new Uint8Array(Uint16Array.of(0x3f80, 0xc000, 0x3f00).buffer) }]
  ])
const secondFile = () =>
  fileOf('model-2.safetensors', [
    // 1 and 65504 as F16.
    ['c', { dtype: 'F16', shape: [1, 2], data: new Uint8Array(Uint16Array.of(0x3c00, 0x7bff).buffer) }],
    ['d', storedTensor(Float32Array.of(7), [])]
  ])

test('tensors of several files are known by their headers alone', async () => {
  const [first, second] = [firstFile(), secondFile()]
  const { tensors, name } = await openTensorStore([first.source, second.source])
  expect(name).toBe('model-1.safetensors, model-2.safetensors')
  expect([...tensors.values()].map((each) => [each.name, each.dtype, each.shape, each.source.name])).toEqual([
    ['a', 'F32', [2, 2], 'model-1.safetensors'],
    ['b', 'BF16', [3], 'model-1.safetensors'],
    ['c', 'F16', [1, 2], 'model-2.safetensors'],
    ['d', 'F32', [], 'model-2.safetensors']
  ])
  for (const { source, ranges } of [first, second]) {
    const begins = [...tensors.values()].filter((each) => each.source === source).map(({ begin }) => begin)
    expect(Math.max(...ranges.map(([, end]) => end))).toBe(Math.min(...begins))
  }
})

test('one tensor is read at a time, of any float type', async () => {
  const [first, second] = [firstFile(), secondFile()]
  const { tensors } = await openTensorStore([first.source, second.source])
  const before = first.ranges.length
  const values = async (name: string) => {
    const tensor = tensors.get(name)
    return tensor && [...float32Of(await wholeTensor(tensor), name)]
  }
  expect(await values('b')).toEqual([1, -2, 0.5])
  const { begin, end } = tensors.get('b') ?? {}
  expect(first.ranges.slice(before)).toEqual([[begin, end]])
  expect(await values('a')).toEqual([1, 2, 3, 4])
  expect(await values('c')).toEqual([1, 65504])
  expect(await values('d')).toEqual([7])
})

test('errors name the file', async () => {
  const first = firstFile()
  const twin = fileOf('model-3.safetensors', [['b', storedTensor(Float32Array.of(1), [1])]])
  await expect(openTensorStore([first.source, twin.source])).rejects.toThrow(
    "model-3.safetensors: tensor 'b' is in model-1.safetensors too"
  )
  await expect(openTensorStore([first.source, byteSource('x.safetensors', new Uint8Array(4))])).rejects.toThrow(
    'x.safetensors: safetensors: expected at least 8 bytes'
  )
})
