/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header, then the tensors' bytes without gaps.
 * https://github.com/huggingface/safetensors#format
 */
import { z } from 'zod'
import type { ByteSource } from './byte-source'
import type { FiledTensor, TensorPlace } from './filed-tensor'
import { FormatError } from './format-error'
import { parseJson } from './json'
import { parsedBy } from './problems'
import { type Dtype, dtypeBytes, elementCount, type StoredTensor } from './tensor-data'

export { float32Of, int32Of, type StoredTensor, storedTensor, uint8Of, uint16Of } from './tensor-data'

export interface Safetensors {
  readonly metadata: Record<string, string>
  /** By name, in the order of their bytes. */
  readonly tensors: Map<string, StoredTensor>
}

/** The tensors and metadata of a file, with their places. */
export interface SafetensorsIndex {
  readonly metadata: Record<string, string>
  /** By name, in the order of their bytes. */
  readonly tensors: Map<string, FiledTensor>
}

/** True where the first bytes of a file of `size` bytes are a header's length and the beginning of its JSON. */
export function beginsAsSafetensors(head: Uint8Array, size: number): boolean {
  if (head.length <= LENGTH_BYTES || head[LENGTH_BYTES] !== '{'.charCodeAt(0)) return false
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true)
  return length > 0n && length <= BigInt(size - LENGTH_BYTES)
}

/**
 * Reads a whole file. The tensors' data are views of `bytes`, not copies.
 * Throws `FormatError` when the file breaks any rule of the format; the message names the tensor.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  // A Node Buffer's subarray would be a Buffer again, so the views are taken from a plain Uint8Array.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerEnd = LENGTH_BYTES + headerLengthOf(plain.subarray(0, LENGTH_BYTES), plain.length)
  const { metadata, tensors } = parseHeader(plain.subarray(LENGTH_BYTES, headerEnd), headerEnd, plain.length)
  return {
    metadata,
    tensors: new Map(
      [...tensors].map(([name, { dtype, shape, begin, end }]) => [
        name,
        { dtype, shape, data: plain.subarray(begin, end) }
      ])
    )
  }
}

/**
 * Reads what a file holds without its data. Rejects with a `FormatError` when the file breaks any rule of the format.
 */
export async function indexSafetensors(source: ByteSource): Promise<SafetensorsIndex> {
  const head = await source.bytes(0, Math.min(LENGTH_BYTES, source.size))
  const headerLength = headerLengthOf(head, source.size)
  if (headerLength > mostHeaderBytes) {
    throw new FormatError(
      `safetensors: the header says it is ${headerLength} bytes long, and the format allows ${mostHeaderBytes}`
    )
  }
  const headerEnd = LENGTH_BYTES + headerLength
  const { metadata, tensors } = parseHeader(await source.bytes(LENGTH_BYTES, headerEnd), headerEnd, source.size)
  return { metadata, tensors: new Map([...tensors].map(([name, place]) => [name, { ...place, name, source }])) }
}

interface Header {
  readonly metadata: Record<string, string>
  readonly tensors: Map<string, TensorPlace>
}

function parseHeader(bytes: Uint8Array, headerEnd: number, size: number): Header {
  const header = headerOf(bytes)
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => parseEntry(name, entry))
    .sort((a, b) => a.begin - b.begin || a.end - b.end)

  const tensors = new Map<string, TensorPlace>()
  const dataLength = size - headerEnd
  let previous = { name: '', end: 0 }
  for (const { name, dtype, shape, begin, end } of entries) {
    if (end > dataLength) {
      throw new FormatError(
        `safetensors: tensor '${name}' ends at byte ${end} of the data, but the file has only ${dataLength}: ` +
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
    tensors.set(name, { dtype, shape, begin: headerEnd + begin, end: headerEnd + end })
    previous = { name, end }
  }
  if (previous.end !== dataLength) {
    throw new FormatError(
      `safetensors: ${dataLength - previous.end} bytes after the last tensor ('${previous.name}') belong to none`
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
  for (const [name, { dtype, shape, data }] of list) checkByteCount(name, dtype, shape, data.length)
  const header = safetensorsHeader(list, metadata)
  const bytes = new Uint8Array(header.length + list.reduce((sum, [, { data }]) => sum + data.length, 0))
  bytes.set(header)
  let offset = header.length
  for (const [, { data }] of list) {
    bytes.set(data, offset)
    offset += data.length
  }
  return bytes
}

/**
 * The beginning of a file, after which the data of the tensors follow in the given order. Throws `FormatError` when a
 * tensor's name is `__metadata__`.
 */
export function safetensorsHeader(
  tensors: Iterable<readonly [name: string, form: Pick<StoredTensor, 'dtype' | 'shape'>]>,
  metadata: Record<string, string> = {}
): Uint8Array {
  let end = 0
  const entries = [...tensors].map(([name, { dtype, shape }]) => {
    if (name === METADATA) throw new FormatError(`safetensors: a tensor cannot be named '${METADATA}'`)
    const begin = end
    end += elementCount(shape) * dtypeBytes[dtype]
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const
  })
  const unpadded = new TextEncoder().encode(JSON.stringify(Object.fromEntries([[METADATA, metadata], ...entries])))
  const headerLength = Math.ceil(unpadded.length / 8) * 8
  const bytes = new Uint8Array(LENGTH_BYTES + headerLength).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true)
  bytes.set(unpadded, LENGTH_BYTES)
  return bytes
}

const METADATA = '__metadata__'
const LENGTH_BYTES = 8
/** As the Python and Rust libraries have it. */
const mostHeaderBytes = 100_000_000

interface Entry {
  name: string
  dtype: Dtype
  shape: number[]
  begin: number
  end: number
}

/** The length that a file of `size` bytes begins with. */
function headerLengthOf(head: Uint8Array, size: number): number {
  if (head.length < LENGTH_BYTES) {
    throw new FormatError(
      `safetensors: expected at least ${LENGTH_BYTES} bytes, found ${head.length}: the file is truncated`
    )
  }
  const headerLength = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true))
  if (headerLength > size - LENGTH_BYTES) {
    throw new FormatError(
      `safetensors: the header says it is ${headerLength} bytes long, but only ${size - LENGTH_BYTES} follow: ` +
        'the file is truncated, or not a safetensors file'
    )
  }
  return headerLength
}

function headerOf(bytes: Uint8Array): Record<string, unknown> {
  let json: unknown
  try {
    json = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), 'safetensors: the header')
  } catch (cause) {
    if (cause instanceof FormatError) throw cause
    throw new FormatError('safetensors: the header is not JSON: it is not UTF-8: the file is damaged', { cause })
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
  const { dtype, shape, data_offsets } = parsedBy(entrySchema, json, `safetensors: tensor '${name}': `)
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

const metadataSchema = z.record(z.string(), z.string()).optional()

function parseMetadata(json: unknown): Record<string, string> {
  return parsedBy(metadataSchema, json, `safetensors: ${METADATA}: `) ?? {}
}
