import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { byteSource } from './byte-source'
import { tensorRows } from './filed-tensor'
import type { NumpyArray } from './numpy-pickle'
import { pickledFiles } from './pickled.fixture'
import { float32Of, integersOf } from './tensor-data'
import { torchFiles } from './torch.fixture'
import { openPickle, openTorchFile, TorchTensor } from './torch-file'

const bytesOf = (name: keyof typeof torchFiles) => new Uint8Array(Buffer.from(torchFiles[name], 'base64'))
const open = (bytes: Uint8Array) => openTorchFile(byteSource('a.pt', bytes))

test('data of all kinds come back as Python had them', async () => {
  const file = await open(bytesOf('dtypes'))
  const value = file.value as Map<string, unknown>
  expect([...value.keys()]).toEqual(['a', 'b', 'c', 'd'])
  expect(value.get('c')).toEqual([1, -2, 3 * 2 ** 40, 2.5, null, 'é'])
  const tensor = async (key: string) => {
    const found = value.get(key)
    if (!(found instanceof TorchTensor)) throw new Error(`${key} is no tensor`)
    return file.tensor(found, key)
  }
  expect([...float32Of(await tensorRows(await tensor('a'), 0, 2))]).toEqual([1.5, -2])
  expect(await tensor('b')).toMatchObject({ dtype: 'BOOL', shape: [2] })
  // Two elements of a storage of five.
  const part = await tensor('d')
  expect(part).toMatchObject({ dtype: 'I64', shape: [2], begin: 16, end: 32 })
  expect(integersOf(await tensorRows(part, 0, 2))).toEqual(Float64Array.of(7, 7))
})

test.each([
  ['callsSystem', /'posix\.system'.*refused/],
  ['callsEval', /'builtins\.eval'.*refused|'__builtin__\.eval'.*refused/],
  ['callsEvalProtocol4', /'builtins\.eval'.*refused/],
  ['setsState', /'torch\.nn\.modules\.linear\.Linear'.*refused/]
] as const)('a pickle that %s is refused by name and runs nothing', async (name, message) => {
  await expect(open(bytesOf(name))).rejects.toThrow(message)
  await expect(open(bytesOf(name))).rejects.toThrow(expect.objectContaining({ name: 'FormatError' }))
  expect(existsSync('/tmp/moescope-pickle-ran')).toBe(false)
})

test("NumPy's numbers and arrays come back, and nothing of NumPy is asked for", async () => {
  const { value } = await open(bytesOf('numpyScalar'))
  expect((value as Map<string, unknown>).get('rank')).toBe(3)
  for (const name of ['pickledNumpy', 'pickledNumpy5'] as const) {
    const bytes = new Uint8Array(Buffer.from(pickledFiles[name], 'base64'))
    const pickled = await openPickle(byteSource('a.pkl', bytes))
    const array = (pickled.value as Map<string, NumpyArray>).get('routed_experts')
    expect(array?.tensor).toMatchObject({ dtype: 'I32', shape: [6, 3, 2] })
    expect(array?.tensor && Array.from(integersOf(array.tensor)).slice(0, 4)).toEqual([0, 2, 5, 7])
  }
})

test('tensors of types without a storage of their own, and attributes of a dict, are read', async () => {
  const { value, tensor } = await open(new Uint8Array(Buffer.from(pickledFiles.idsUint16, 'base64')))
  if (!(value instanceof TorchTensor)) throw new Error('no tensor')
  const ids = await tensor(value, 'ids')
  expect(ids).toMatchObject({ dtype: 'U16', shape: [6, 3, 2] })
  expect(Array.from(integersOf(await tensorRows(ids, 0, 1)))).toEqual([0, 2, 5, 7, 2, 4])
  const state = await open(new Uint8Array(Buffer.from(pickledFiles.stateDict, 'base64')))
  expect([...(state.value as Map<string, unknown>).keys()]).toEqual(['0.weight', '0.bias'])
})

test('a view with gaps is refused with what to do', async () => {
  const file = await open(bytesOf('view'))
  const tensor = (file.value as Map<string, TorchTensor>).get('logical_count')
  if (!tensor) throw new Error('no tensor')
  await expect(file.tensor(tensor, 'logical_count')).rejects.toThrow(/'logical_count' is a view.*contiguous/)
})

test('a tensor beyond its storage is refused', async () => {
  const file = await open(bytesOf('stat'))
  const { storage } = (file.value as Map<string, TorchTensor>).get('logical_count') ?? {}
  if (!storage) throw new Error('no tensor')
  const beyond = new TorchTensor(storage, 1, [24], [1])
  await expect(file.tensor(beyond, 'x')).rejects.toThrow(/'x': I64 of shape \[24\] from element 1 on does not fit/)
  const huge = new TorchTensor(storage, 0, [2 ** 50, 2 ** 50], [2 ** 50, 1])
  await expect(file.tensor(huge, 'x')).rejects.toThrow(/does not fit/)
})

test('the old format and truncated files are refused', async () => {
  await expect(open(bytesOf('legacy'))).rejects.toThrow(/no ZIP archive/)
  await expect(open(bytesOf('stat').slice(0, 300))).rejects.toThrow(/truncated/)
})
