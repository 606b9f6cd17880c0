/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header, then the tensors' bytes without gaps.
 * https://github.com/huggingface/safetensors#format
 */
import { z } from 'zod'
import { FormatError } from './format-error'
import { type Dtype, dtypeBytes, elementCount, type StoredTensor } from './tensor-data'

export { float32Of, int32Of, type StoredTensor, storedTensor, uint8Of, uint16Of } from './tensor-data'

export interface Safetensors {
  readonly metadata: Record<string, string>
  /** By name, in the order of their bytes. */
  readonly tensors: Map<string, StoredTensor>
}

/**
 * Reads a whole file. The tensors' data are views of `bytes`, not copies.
 * Throws `FormatError` when the file breaks any rule of the format; the message names the tensor.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const { header, data } = splitHeader(bytes)
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => parseEntry(name, entry))
    .sort((a, b) => a.begin - b.begin || a.end - b.end)

  const tensors = new Map<string, StoredTensor>()
  let previous = { name: '', end: 0 }
  for (const { name, dtype, shape, begin, end } of entries) {
    if (end > data.length) {
      throw new FormatError(
        `safetensors: tensor '${name}' ends at byte ${end} of the data, but the file has only ${data.length}: ` +
          'it is truncated or damaged'
      )
    }
    if (begin < previous.end) {
      throw new FormatError(
        `safetensors: tensor '${name}' begins at byte ${begin} of the data and overlaps tensor '${previous.name}', ` +
          `which ends at byte ${previous.end}`
      )
    }
    if (begin > previous.end) {
      throw new FormatError(
        `safetensors: tensor '${name}' begins at byte ${begin} of the data, expected byte ${previous.end}: ` +
          'the format allows no gap'
      )
    }
    tensors.set(name, { dtype, shape, data: data.subarray(begin, end) })
    previous = { name, end }
  }
  if (previous.end !== data.length) {
    throw new FormatError(
      `safetensors: ${data.length - previous.end} bytes after the last tensor ('${previous.name}') belong to none`
    )
  }
  return { metadata: parseMetadata(header[METADATA]), tensors }
}

/**
 * The file for `tensors`, in the given order, its header padded with spaces so that the data begin at a multiple of
 * 8 bytes. Put tensors of wide dtypes before narrow ones to keep all of them aligned.
 * Throws `FormatError` when a tensor's bytes do not fit its dtype and shape, or its name is `__metadata__`.
 */
export function writeSafetensors(
  tensors: Iterable<readonly [name: string, tensor: StoredTensor]>,
  metadata: Record<string, string> = {}
): Uint8Array {
  const list = [...tensors]
  let end = 0
  const entries = list.map(([name, { dtype, shape, data }]) => {
    if (name === METADATA) throw new FormatError(`safetensors: a tensor cannot be named '${METADATA}'`)
    checkByteCount(name, dtype, shape, data.length)
    const begin = end
    end += data.length
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const
  })
  const unpadded = new TextEncoder().encode(JSON.stringify(Object.fromEntries([[METADATA, metadata], ...entries])))
  const headerLength = Math.ceil(unpadded.length / 8) * 8
  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true)
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength)
  bytes.set(unpadded, LENGTH_BYTES)
  let offset = LENGTH_BYTES + headerLength
  for (const [, { data }] of list) {
    bytes.set(data, offset)
    offset += data.length
  }
  return bytes
}

const METADATA = '__metadata__'
const LENGTH_BYTES = 8

interface Entry {
  name: string
  dtype: Dtype
  shape: number[]
  begin: number
  end: number
}

function splitHeader(bytes: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  // A Node Buffer's subarray would be a Buffer again, so the views are taken from a plain Uint8Array.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (plain.length < LENGTH_BYTES) {
    throw new FormatError(
      `safetensors: expected at least ${LENGTH_BYTES} bytes, found ${plain.length}: the file is truncated`
    )
  }
  const headerLength = Number(new DataView(plain.buffer, plain.byteOffset).getBigUint64(0, true))
  if (headerLength > plain.length - LENGTH_BYTES) {
    throw new FormatError(
      `safetensors: the header says it is ${headerLength} bytes long, but only ${plain.length - LENGTH_BYTES} follow: ` +
        'the file is truncated, or not a safetensors file'
    )
  }
  const header = parseJson(plain.subarray(LENGTH_BYTES, LENGTH_BYTES + headerLength))
  return { header, data: plain.subarray(LENGTH_BYTES + headerLength) }
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new FormatError('safetensors: the header is not JSON: the file is damaged, or not a safetensors file', {
      cause
    })
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new FormatError('safetensors: the header is JSON, but not an object from tensor names to tensors')
  }
  // Object.entries and not zod's record, which would drop a tensor named '__proto__'.
  return Object.fromEntries(Object.entries(json))
}

const offset = z.int().min(0)
const dtypeSchema = z.enum(Object.keys(dtypeBytes) as [Dtype, ...Dtype[]], {
  error: ({ input }) => `unknown dtype ${JSON.stringify(input)}, expected one of ${Object.keys(dtypeBytes).join(', ')}`
})
const entrySchema = z.object(
  {
    dtype: dtypeSchema,
    shape: z.array(offset),
    data_offsets: z.tuple([offset, offset])
  },
  'expected an object of dtype, shape and data_offsets'
)

function parseEntry(name: string, json: unknown): Entry {
  const parsed = entrySchema.safeParse(json)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '))
    throw new FormatError(`safetensors: tensor '${name}': ${problems.join('; ')}`)
  }
  const { dtype, shape, data_offsets } = parsed.data
  const [begin, end] = data_offsets
  checkByteCount(name, dtype, shape, end - begin)
  return { name, dtype, shape, begin, end }
}

function checkByteCount(name: string, dtype: Dtype, shape: readonly number[], found: number): void {
  const expected = elementCount(shape) * dtypeBytes[dtype]
  if (found !== expected) {
    throw new FormatError(
      `safetensors: tensor '${name}': ${dtype} of shape [${shape.join(', ')}] takes ${expected} bytes, found ${found}`
    )
  }
}

function parseMetadata(json: unknown): Record<string, string> {
  const parsed = z.record(z.string(), z.string()).optional().safeParse(json)
  if (!parsed.success) throw new FormatError(`safetensors: ${METADATA} must map strings to strings`)
  return parsed.data ?? {}
}
