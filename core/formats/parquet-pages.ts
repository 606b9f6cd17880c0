/**
 * The pages of a column of a Parquet file. Page headers and Snappy are hyparquet's; the values are decoded here,
 * because what a file says of itself is not believed: runs of values and the sizes of pages are held to the number of
 * rows. https://github.com/apache/parquet-format (Encodings.md)
 */

import type { PageHeader } from 'hyparquet'
import { messageOf } from '../reason'
import { FormatError } from './format-error'
import { endOfThrift } from './thrift'

/** Whole numbers of 64 bits are exact up to 2^53. */
export type ParquetValues = Int32Array | Float32Array | Float64Array | string[]

/** The types of values that are read, and their bytes; text has its length before it. */
export const valueTypes = { INT32: 4, INT64: 8, FLOAT: 4, DOUBLE: 8, BYTE_ARRAY: 4 } as const

export interface PageFormat {
  /** For messages. */
  readonly name: string
  readonly type: keyof typeof valueTypes
  /** True where values may be missing; none may be. */
  readonly optional: boolean
  readonly codec: string
  /** Values of all pages together. */
  readonly rows: number
}

/** Of a page, unpacked; writers make pages of about 1 MiB. */
const mostPageBytes = 256 * 1024 * 1024

/** The part of the work that hyparquet does. */
export interface PageTools {
  parquetHeader(reader: { view: DataView; offset: number }): PageHeader
  snappyUncompress(input: Uint8Array, output: Uint8Array): void
}

/** The values of the pages that follow each other in `bytes`. Throws a `FormatError` that names the column. */
export function readPages(bytes: Uint8Array, format: PageFormat, tools: PageTools): ParquetValues {
  try {
    return decodedPages(pagesOf(bytes, format, tools), format, tools)
  } catch (cause) {
    if (cause instanceof FormatError) throw cause
    const reason = messageOf(cause)
    throw new FormatError(`${format.name}: ${reason}: the file is truncated or damaged`, { cause })
  }
}

interface Page {
  readonly header: PageHeader
  readonly content: Uint8Array
}

/** The pages and what they claim, checked before anything is made of it. */
function pagesOf(bytes: Uint8Array, { name, rows }: PageFormat, { parquetHeader }: PageTools): Page[] {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  const pages: Page[] = []
  let values = 0
  while (values < rows) {
    endOfThrift(bytes, reader.offset)
    const header = parquetHeader(reader)
    const { compressed_page_size: packed, uncompressed_page_size: size } = header
    const end = reader.offset + packed
    if (!(packed >= 0 && end <= bytes.length && size >= 0 && size <= mostPageBytes)) {
      throw new FormatError(`${name}: a page of ${packed} bytes that unpack to ${size}: the file is damaged`)
    }
    const count = countOf(header)
    if (!(count >= 0)) throw new FormatError(`${name}: a page of ${count} values: the file is damaged`)
    if (header.type !== 'DICTIONARY_PAGE') values += count
    pages.push({ header, content: bytes.subarray(reader.offset, end) })
    reader.offset = end
  }
  if (values !== rows) throw new FormatError(`${name}: ${values} values, but the row group has ${rows} rows`)
  return pages
}

function countOf({ type, data_page_header, data_page_header_v2, dictionary_page_header }: PageHeader): number {
  if (type === 'DATA_PAGE') return data_page_header?.num_values ?? -1
  if (type === 'DATA_PAGE_V2') return data_page_header_v2?.num_values ?? -1
  if (type === 'DICTIONARY_PAGE') return dictionary_page_header?.num_values ?? -1
  return 0
}

function decodedPages(pages: readonly Page[], format: PageFormat, tools: PageTools): ParquetValues {
  const values = emptyValues(format.type, format.rows)
  let dictionary: ParquetValues | undefined
  let filled = 0
  for (const { header, content } of pages) {
    const count = countOf(header)
    const unpack = (packed: Uint8Array, size: number) => unpacked(packed, size, format, tools)
    if (header.type === 'DICTIONARY_PAGE') {
      dictionary = plainValues(unpack(content, header.uncompressed_page_size), count, format)
    } else if (header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2') {
      const { body, encoding } = bodyOf(header, content, count, format, unpack)
      place(values, filled, encodedValues(body, encoding, count, dictionary, format))
      filled += count
    }
  }
  return values
}

function emptyValues(type: PageFormat['type'], count: number): ParquetValues {
  switch (type) {
    case 'INT32':
      return new Int32Array(count)
    case 'FLOAT':
      return new Float32Array(count)
    case 'INT64':
    case 'DOUBLE':
      return new Float64Array(count)
    case 'BYTE_ARRAY':
      return new Array<string>(count)
  }
}

function place(values: ParquetValues, begin: number, found: ParquetValues): void {
  if (Array.isArray(values)) for (let i = 0; i < found.length; i++) values[begin + i] = String(found[i])
  else values.set(found as Exclude<ParquetValues, string[]>, begin)
}

function unpacked(packed: Uint8Array, size: number, { name, codec }: PageFormat, tools: PageTools): Uint8Array {
  if (codec === 'UNCOMPRESSED') return packed
  if (codec !== 'SNAPPY') {
    throw new FormatError(
      `${name}: compression: expected SNAPPY or none, found ${codec}; write the table with compression='snappy'`
    )
  }
  // Snappy copies at most 64 bytes for 2 of its own.
  if (size > 64 * packed.length) throw new FormatError(`${name}: ${packed.length} bytes cannot unpack to ${size}`)
  const page = new Uint8Array(size)
  tools.snappyUncompress(packed, page)
  return page
}

interface Body {
  readonly body: Uint8Array
  readonly encoding: string
}

/** The values of a page, without what says which of them are missing. */
function bodyOf(
  header: PageHeader,
  content: Uint8Array,
  count: number,
  format: PageFormat,
  unpack: (packed: Uint8Array, size: number) => Uint8Array
): Body {
  const { data_page_header: first, data_page_header_v2: second, uncompressed_page_size: size } = header
  if (header.type === 'DATA_PAGE_V2' && second) {
    const levels = second.definition_levels_byte_length
    const skipped = levels + second.repetition_levels_byte_length
    if (!(levels >= 0 && skipped >= levels && skipped <= content.length && skipped <= size)) {
      throw new FormatError(`${format.name}: levels of ${skipped} bytes in a page of ${content.length}`)
    }
    if (format.optional) checkPresent(content.subarray(skipped - levels, skipped), count, format)
    const packed = content.subarray(skipped)
    const body = second.is_compressed === false ? packed : unpack(packed, size - skipped)
    return { body, encoding: second.encoding }
  }
  const body = unpack(content, size)
  if (!format.optional) return { body, encoding: first?.encoding ?? '' }
  const length = new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(0, true)
  checkPresent(body.subarray(4, 4 + length), count, format)
  return { body: body.subarray(4 + length), encoding: first?.encoding ?? '' }
}

/** A definition level of 1 is a value, 0 a missing one. */
function checkPresent(levels: Uint8Array, count: number, format: PageFormat): void {
  const row = hybridValues(levels, 1, count, format).indexOf(0)
  if (row >= 0) throw new FormatError(`${format.name}: a value is missing (row ${row} of a page)`)
}

function encodedValues(
  body: Uint8Array,
  encoding: string,
  count: number,
  dictionary: ParquetValues | undefined,
  format: PageFormat
): ParquetValues {
  if (encoding === 'PLAIN') return plainValues(body, count, format)
  if (encoding !== 'RLE_DICTIONARY' && encoding !== 'PLAIN_DICTIONARY') {
    throw new FormatError(`${format.name}: encoding: expected PLAIN or a dictionary, found ${encoding}`)
  }
  if (!dictionary) throw new FormatError(`${format.name}: its dictionary is missing`)
  const indices = hybridValues(body.subarray(1), body[0] ?? 0, count, format)
  const found = emptyValues(format.type, count)
  for (let i = 0; i < count; i++) {
    const value = dictionary[indices[i] ?? 0]
    if (value === undefined) {
      throw new FormatError(`${format.name}: entry ${indices[i]} of a dictionary of ${dictionary.length}`)
    }
    found[i] = value
  }
  return found
}

function plainValues(body: Uint8Array, count: number, { name, type }: PageFormat): ParquetValues {
  if (count * valueTypes[type] > body.length) {
    throw new FormatError(`${name}: ${count} values in ${body.length} bytes: the file is truncated or damaged`)
  }
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const values = emptyValues(type, count)
  if (Array.isArray(values)) {
    for (let i = 0, at = 0; i < count; i++) {
      const begin = at + 4
      at = begin + view.getUint32(at, true)
      if (at > body.length) throw new FormatError(`${name}: a text ends behind its page: the file is damaged`)
      values[i] = decoder.decode(body.subarray(begin, at))
    }
    return values
  }
  const width = valueTypes[type]
  for (let i = 0; i < count; i++) values[i] = numberAt(view, type, i * width)
  return values
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function numberAt(view: DataView, type: PageFormat['type'], at: number): number {
  switch (type) {
    case 'INT32':
      return view.getInt32(at, true)
    case 'INT64':
      return Number(view.getBigInt64(at, true))
    case 'FLOAT':
      return view.getFloat32(at, true)
    default:
      return view.getFloat64(at, true)
  }
}

/** Numbers of `width` bits as runs of one value and bit-packed runs of eight: `count` of them, and never more. */
function hybridValues(bytes: Uint8Array, width: number, count: number, { name }: PageFormat): Int32Array {
  const values = new Int32Array(count)
  if (width === 0) return values
  const truncated = () => new FormatError(`${name}: a run ends behind its page: the file is truncated or damaged`)
  if (width > 24) throw new FormatError(`${name}: numbers of ${width} bits, expected at most 24`)
  const mask = 2 ** width - 1
  let at = 0
  let filled = 0
  while (filled < count) {
    let run = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 28) throw truncated()
      run += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    if (run % 2 === 0) {
      let value = 0
      for (let i = 0; i < width; i += 8) value |= (bytes[at++] ?? 0) << i
      if (at > bytes.length) throw truncated()
      const end = Math.min(count, filled + run / 2)
      values.fill(value & mask, filled, end)
      filled = end
      continue
    }
    const end = Math.min(count, filled + 8 * ((run - 1) / 2))
    // The last run may be cut after the last value.
    if (at + Math.ceil(((end - filled) * width) / 8) > bytes.length) throw truncated()
    const next = at + width * ((run - 1) / 2)
    let held = 0
    let bits = 0
    for (; filled < end; filled++) {
      while (bits < width) {
        held |= (bytes[at++] ?? 0) << bits
        bits += 8
      }
      values[filled] = held & mask
      held >>>= width
      bits -= width
    }
    at = next
  }
  return values
}
