import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FormatError } from './format-error'
import { float32Of, readSafetensors, type StoredTensor, storedTensor, writeSafetensors } from './safetensors'
import { type Dtype, dtypeBytes, elementCount } from './tensor-data'

const tensor = fc
  .tuple(
    fc.constantFrom(...(Object.keys(dtypeBytes) as Dtype[])),
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 })
  )
  .chain(([dtype, shape]) => {
    const length = elementCount(shape) * dtypeBytes[dtype]
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data): StoredTensor => ({ dtype, shape, data }))
  })
const name = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '0'))
const tensors = fc
  .uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 5 })
  .map((entries) => new Map(entries.filter(([key]) => key !== '__metadata__')))
// zod drops the key '__proto__' of a record, which is what one wants of metadata from outside.
const metadata = fc.dictionary(
  fc.string().filter((key) => key !== '__proto__'),
  fc.string(),
  { maxKeys: 3, noNullPrototype: true }
)

test('what is written is read back', () => {
  fc.assert(
    fc.property(tensors, metadata, (tensors, metadata) => {
      const read = readSafetensors(writeSafetensors(tensors, metadata))
      expect(read.metadata).toEqual(metadata)
      expect(read.tensors).toEqual(tensors)
    })
  )
})

test('tensors lie in the given order, behind a header padded to 8 bytes', () => {
  const bytes = writeSafetensors([
    ['b', storedTensor(new Uint8Array([7]), [1])],
    ['a', storedTensor(new Float32Array([1]), [])]
  ])
  const headerLength = new DataView(bytes.buffer).getUint32(0, true)
  expect(headerLength % 8).toBe(0)
  expect([...bytes.subarray(8 + headerLength)]).toEqual([7, 0, 0, 0x80, 0x3f])
  expect([...readSafetensors(bytes).tensors.keys()]).toEqual(['b', 'a'])
})

test('a file made by the Python library opens', () => {
  // safetensors 0.8.0: save_file({'b': np.array([[1.5, -2]], 'float16'), 'a': np.array([1, 2, 3], 'uint8'),
  // 'f': np.array(3.25, 'float64'), 'z': np.zeros((0, 3), 'float32')}, path, {'k': 'v'})
  const base64 =
    '+AAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJrIjoidiJ9LCJmIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOltdLCJkYXRhX29mZnNl' +
    'dHMiOlswLDhdfSwieiI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMCwzXSwiZGF0YV9vZmZzZXRzIjpbOCw4XX0sImIiOnsiZHR5' +
    'cGUiOiJGMTYiLCJzaGFwZSI6WzEsMl0sImRhdGFfb2Zmc2V0cyI6WzgsMTJdfSwiYSI6eyJkdHlwZSI6IlU4Iiwic2hhcGUiOlsz' +
    'XSwiZGF0YV9vZmZzZXRzIjpbMTIsMTVdfX0gICAgIAAAAAAAAApAAD4AwAECAw=='
  const { metadata, tensors } = readSafetensors(Buffer.from(base64, 'base64'))
  expect(metadata).toEqual({ k: 'v' })
  const read = [...tensors].map(([name, tensor]) => [name, tensor.dtype, tensor.shape])
  expect(read).toEqual([
    ['f', 'F64', []],
    ['z', 'F32', [0, 3]],
    ['b', 'F16', [1, 2]],
    ['a', 'U8', [3]]
  ])
  expect(floats(tensors, 'f')).toEqual([3.25])
  expect(floats(tensors, 'z')).toEqual([])
  expect(floats(tensors, 'b')).toEqual([1.5, -2])
  expect(tensors.get('a')?.data).toEqual(Uint8Array.of(1, 2, 3))
})

test('data are views of the bytes, also of a Node Buffer', () => {
  const bytes = Buffer.from(writeSafetensors([['x', storedTensor(new Uint8Array([1, 2]), [2])]]))
  const data = readSafetensors(bytes).tensors.get('x')?.data
  expect(data).toEqual(new Uint8Array([1, 2]))
  expect(data?.buffer).toBe(bytes.buffer)
})

test('every truncation is an error', () => {
  const bytes = writeSafetensors([['x', storedTensor(new Float32Array([1, 2]), [2])]], { k: 'v' })
  for (let length = 0; length < bytes.length; length++) {
    expect(() => readSafetensors(bytes.slice(0, length))).toThrow(FormatError)
  }
})

test('a damaged file gives a value or a FormatError, nothing else', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(tensors, metadata, damage, fc.nat(), (tensors, metadata, damage, cut) => {
      const bytes = writeSafetensors(tensors, metadata)
      for (const [position, value] of damage) bytes[position % bytes.length] = value
      errorOf(bytes)
      errorOf(bytes.slice(0, cut % bytes.length))
      // Most damage above hits the length or the syntax; this one hits what the header says.
      errorOf(digitsChanged(bytes, damage))
    }),
    { numRuns: 500 }
  )
})

describe('errors name the tensor and what is wrong', () => {
  const entry = (fields: object) =>
    JSON.stringify({ 'layer.w': { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...fields } })
  const eight = new Uint8Array(8)

  test.each([
    ['no header', new Uint8Array(3), /at least 8 bytes, found 3/],
    ['header beyond the file', file('{}', eight).fill(0xff, 0, 8), /header says .* 10 follow/],
    ['not JSON', file('{"a":', eight), /not JSON/],
    ['not UTF-8', file(new Uint8Array([0x22, 0xff, 0x22]), eight), /not JSON/],
    ['not an object', file('[]', eight), /not an object/],
    ['unknown dtype', file(entry({ dtype: 'F8_E5M2' }), eight), /'layer\.w': dtype: unknown dtype "F8_E5M2".*BF16/],
    ['negative size', file(entry({ shape: [-2] }), eight), /'layer\.w': shape\.0: /],
    ['fractional offset', file(entry({ data_offsets: [0, 8.5] }), eight), /'layer\.w': data_offsets\.1: /],
    ['entry not an object', file('{"layer.w":3}', eight), /'layer\.w': expected an object of dtype/],
    ['shape against offsets', file(entry({ shape: [3] }), eight), /'layer\.w'.*\[3\] takes 12 bytes, found 8/],
    ['reversed offsets', file(entry({ data_offsets: [8, 0] }), eight), /'layer\.w'.*found -8/],
    ['truncated data', file(entry({}), eight.slice(1)), /'layer\.w' ends at byte 8 .* only 7/],
    ['gap', file(entry({ shape: [1], data_offsets: [4, 8] }), eight), /'layer\.w' begins at byte 4.*no gap/],
    ['bytes left over', file(entry({ shape: [1], data_offsets: [0, 4] }), eight), /4 bytes after .*'layer\.w'/],
    [
      'overlap',
      file(
        '{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}',
        eight
      ),
      /'b' begins at byte 4 .* overlaps tensor 'a', which ends at byte 5/
    ],
    ['metadata of numbers', file('{"__metadata__":{"a":1}}', new Uint8Array()), /__metadata__: a: .*expected string/]
  ])('%s', (_, bytes, message) => {
    expect(errorOf(bytes)?.message).toMatch(message)
  })

  test('in what is to be written, too', () => {
    const wrong: StoredTensor = { dtype: 'F32', shape: [2], data: eight.slice(1) }
    expect(() => writeSafetensors([['layer.w', wrong]])).toThrow(/'layer\.w'.* takes 8 bytes, found 7/)
    expect(() => writeSafetensors([['__metadata__', { ...wrong, data: eight }]])).toThrow(FormatError)
  })
})

function floats(tensors: Map<string, StoredTensor>, name: string): number[] {
  const tensor = tensors.get(name)
  if (!tensor) throw new Error(`no tensor '${name}'`)
  return [...float32Of(tensor)]
}

function file(header: string | Uint8Array, data: Uint8Array): Uint8Array {
  const headerBytes = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const bytes = new Uint8Array(8 + headerBytes.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes.length), true)
  bytes.set(headerBytes, 8)
  bytes.set(data, 8 + headerBytes.length)
  return bytes
}

/** The error of reading `bytes`, undefined when it succeeds; anything but a FormatError is thrown on. */
function errorOf(bytes: Uint8Array): FormatError | undefined {
  try {
    readSafetensors(bytes)
  } catch (error) {
    if (error instanceof FormatError) return error
    throw error
  }
  return undefined
}

function digitsChanged(bytes: Uint8Array, changes: [number, number][]): Uint8Array {
  const copy = bytes.slice()
  const digits = [...copy.keys()].filter((i) => i >= 8 && (copy[i] ?? 0) >= 0x30 && (copy[i] ?? 0) <= 0x39)
  for (const [position, value] of changes) {
    const index = digits[position % digits.length]
    if (index !== undefined) copy[index] = 0x30 + (value % 10)
  }
  return copy
}
