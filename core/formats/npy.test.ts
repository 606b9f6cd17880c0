import { expect, test } from 'vitest'
import { byteSource } from './byte-source'
import { alongFirstAxis, tensorRows } from './filed-tensor'
import { indexNpy } from './npy'
import { numpyFiles } from './numpy.fixture'
import { float32Of, integersOf } from './tensor-data'

const bytesOf = (name: keyof typeof numpyFiles) => new Uint8Array(Buffer.from(numpyFiles[name], 'base64'))
const open = (bytes: Uint8Array) => indexNpy(byteSource('a.npy', bytes))

test('an array that NumPy saved is read, in any stretch', async () => {
  const logits = await open(bytesOf('logitsOfOneLayer'))
  expect(logits).toMatchObject({ dtype: 'F32', shape: [6, 8] })
  const rows = float32Of(await tensorRows(logits, 2, 4))
  expect([...rows]).toEqual(Array.from({ length: 16 }, (_, i) => ((7 * (2 + (i >> 3)) + 5 * (i % 8)) % 11) / 4))
})

test.each([
  ['vllmInt32', 'I32'],
  ['vllmInt16', 'I16'],
  ['vllmUint8', 'U8']
] as const)('%s has the integers of its dtype', async (name, dtype) => {
  const ids = await open(bytesOf(name))
  expect(ids).toMatchObject({ dtype, shape: [6, 3, 2] })
  const last = alongFirstAxis(ids).at(-1)
  expect(last?.shape).toEqual([3, 2])
  const expected = Array.from({ length: 6 }, (_, i) => (3 * 5 + 5 * (i >> 1) + 2 * (i % 2)) % 8)
  expect(Array.from(integersOf(await tensorRows(last ?? ids, 0, 3)))).toEqual(expected)
})

/** A file with this text as its header. */
function withHeader(header: string, data = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(header)
  return Uint8Array.of(
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    text.length % 256,
    text.length >> 8,
    ...text,
    ...data
  )
}

test('headers of other writers are read: other order of fields, one axis, none', async () => {
  const order = "{'shape': (2,), 'fortran_order': False, 'descr': '|u1'}"
  expect(await open(withHeader(order, Uint8Array.of(7, 8)))).toMatchObject({ dtype: 'U8', shape: [2] })
  const scalar = "{'descr': '<i2', 'fortran_order': False, 'shape': ()}"
  expect(await open(withHeader(scalar, Uint8Array.of(7, 8)))).toMatchObject({ dtype: 'I16', shape: [] })
})

test.each([
  ['an array in Fortran order', bytesOf('fortran'), /'fortran_order': expected False/],
  ['a big-endian array', bytesOf('bigEndian'), /'descr'.*found '>f4'/],
  ['complex numbers', bytesOf('complex'), /'descr'.*found '<c8'/],
  ['Python objects', bytesOf('objects'), /'descr'.*found '\|O'/],
  ['a truncated array', bytesOf('vllmInt32').slice(0, -1), /shape \[6, 3, 2\] takes 144 bytes, found 143.*truncated/],
  ['a truncated header', bytesOf('vllmInt32').slice(0, 40), /header: expected bytes 10 to 128.*truncated/],
  ['bytes after the array', Uint8Array.of(...bytesOf('vllmInt32'), 0), /more than one array/],
  ['a shape of billions', withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 8)}"), /found 0/],
  ['a shape of no numbers', withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': ([1])}"), /'shape'/],
  ['records', withHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"), /'descr'/],
  ['another version', Uint8Array.of(...bytesOf('vllmInt32').slice(0, 6), 9, 0, 0, 0, 0, 0), /version.*found 9/],
  ['other bytes', new Uint8Array(20), /does not begin with/]
])('%s is refused in words', async (_, bytes, message) => {
  await expect(open(bytes)).rejects.toThrow(message)
  await expect(open(bytes)).rejects.toThrow(expect.objectContaining({ name: 'FormatError' }))
})
