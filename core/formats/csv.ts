/**
 * Comma-separated values (RFC 4180), read in blocks of whole records without a string for each field: fields are told
 * by where they end, because a table of routing has hundreds of millions. UTF-8, with or without a byte order mark.
 */
import { type ByteSource, exactBytes } from './byte-source'
import { FormatError } from './format-error'

/** Records that follow each other, all of as many fields. */
export interface CsvBlock {
  /** Bytes of the file that they take: `begin` to `end` (exclusive). */
  readonly begin: number
  readonly end: number
  /** Number of the first record, that of names included, from 1 on. */
  readonly first: number
  readonly count: number
  /** The text of a field, without its quotes. */
  text(record: number, field: number): string
  /** A field that is a whole number; NaN where it is none. */
  integer(record: number, field: number): number
  /** A field that is a decimal number; NaN where it is none. */
  decimal(record: number, field: number): number
}

export interface CsvTable {
  /** Names of the columns: the first record. */
  readonly names: readonly string[]
  /** Rejects, as `read` does, with a `FormatError` for a record of another number of fields than the names are. */
  blocks(): AsyncGenerator<CsvBlock>
  /** A block once more. */
  read(block: Pick<CsvBlock, 'begin' | 'end' | 'first'>): Promise<CsvBlock>
}

const blockBytes = 1024 * 1024
/** Of a record: token texts are short. */
const mostRecordBytes = 16 * blockBytes

/** Reads the names of the columns. Rejects with a `FormatError` when there is no whole first record. */
export async function openCsv(source: ByteSource): Promise<CsvTable> {
  const head = await exactBytes(source, 0, Math.min(blockBytes, source.size), source.name)
  const begin = byteOrderMark.every((byte, i) => head[i] === byte) ? byteOrderMark.length : 0
  const { begins, ends, end } = firstRecord(head, begin, source.size === head.length)
  if (ends.length === 0) throw new FormatError(`${source.name}: no line with the names of the columns`)
  const names = ends.map((fieldEnd, field) => textOf(head, begins[field] ?? 0, fieldEnd))
  return {
    names,
    blocks: () => blocksOf(source, end, names.length),
    read: async ({ begin, end, first }) => {
      const bytes = await exactBytes(source, begin, end, source.name)
      return blockOf(bytes, begin, first, tokenised(source.name, bytes, names.length, first, true))
    }
  }
}

const byteOrderMark = [0xef, 0xbb, 0xbf]
const comma = ','.charCodeAt(0)
const quote = '"'.charCodeAt(0)
const newline = '\n'.charCodeAt(0)
const carriageReturn = '\r'.charCodeAt(0)
const minus = '-'.charCodeAt(0)
const zero = '0'.charCodeAt(0)

async function* blocksOf(source: ByteSource, begin: number, width: number): AsyncGenerator<CsvBlock> {
  let first = 2
  let size = blockBytes
  for (let at = begin; at < source.size; ) {
    const end = Math.min(at + size, source.size)
    const bytes = await exactBytes(source, at, end, source.name)
    const fields = tokenised(source.name, bytes, width, first, end === source.size)
    if (fields.consumed === 0 && end < source.size) {
      if (size >= mostRecordBytes) throw new FormatError(`${source.name}: row ${first} has more than ${size} bytes`)
      size *= 2
      continue
    }
    size = blockBytes
    const block = blockOf(bytes.subarray(0, fields.consumed), at, first, fields)
    yield block
    at = block.end
    first += block.count
  }
}

interface Fields {
  readonly width: number
  readonly count: number
  /** Start and end of each field, quotes included: `[count, width, 2]`. */
  readonly bounds: Int32Array
  /** Bytes of whole records. */
  readonly consumed: number
}

/** @param last whether the bytes end where the file does, which ends a record without a newline */
function tokenised(name: string, bytes: Uint8Array, width: number, first: number, last: boolean): Fields {
  // A record has at least a byte for each field.
  const bounds = new Int32Array(2 * (Math.ceil(bytes.length / width) + 1) * width)
  let count = 0
  let consumed = 0
  while (consumed < bytes.length) {
    let at = consumed
    let field = 0
    for (;;) {
      const end = fieldEnd(bytes, at)
      if (end < 0 || (end === bytes.length && !last)) {
        if (last) throw new FormatError(`${name}: row ${first + count}: a quote is not closed: the file is truncated`)
        return { width, count, bounds, consumed }
      }
      const delimiter = bytes[end]
      const isReturn = delimiter !== comma && bytes[end - 1] === carriageReturn && end > at
      if (field < width) {
        bounds[2 * (count * width + field)] = at
        bounds[2 * (count * width + field) + 1] = isReturn ? end - 1 : end
      }
      field++
      at = end + 1
      if (delimiter === comma) continue
      if (delimiter === newline || end === bytes.length) break
      throw new FormatError(`${name}: row ${first + count}: text follows a quote`)
    }
    const isEmpty = field === 1 && bounds[2 * count * width] === bounds[2 * count * width + 1]
    consumed = Math.min(at, bytes.length)
    if (isEmpty) continue
    if (field !== width) {
      throw new FormatError(`${name}: row ${first + count}: expected ${width} fields, found ${field}`)
    }
    count++
  }
  return { width, count, bounds, consumed }
}

/** The end of the field that begins at a place; -1 where its quote is not closed. */
function fieldEnd(bytes: Uint8Array, at: number): number {
  let end = at
  if (bytes[at] === quote) {
    end = bytes.indexOf(quote, at + 1)
    while (end >= 0 && bytes[end + 1] === quote) end = bytes.indexOf(quote, end + 2)
    if (end < 0) return -1
    end += bytes[end + 1] === carriageReturn && bytes[end + 2] === newline ? 2 : 1
    return end
  }
  while (end < bytes.length && bytes[end] !== comma && bytes[end] !== newline) end++
  return end
}

interface FirstRecord {
  readonly begins: readonly number[]
  readonly ends: readonly number[]
  /** The start of the second. */
  readonly end: number
}

/** The record whose number of fields is not known yet; without fields where it is not whole. */
function firstRecord(bytes: Uint8Array, begin: number, last: boolean): FirstRecord {
  const begins: number[] = []
  const ends: number[] = []
  for (let at = begin; ; ) {
    const end = fieldEnd(bytes, at)
    if (end < 0 || begin === bytes.length || (end === bytes.length && !last)) return { begins: [], ends: [], end: 0 }
    begins.push(at)
    ends.push(bytes[end] !== comma && bytes[end - 1] === carriageReturn ? end - 1 : end)
    at = end + 1
    if (bytes[end] !== comma) return { begins, ends, end: at }
  }
}

function blockOf(bytes: Uint8Array, begin: number, first: number, { width, count, bounds }: Fields): CsvBlock {
  const placeOf = (record: number, field: number) => 2 * (record * width + field)
  return {
    begin,
    end: begin + bytes.length,
    first,
    count,
    text: (record, field) => {
      const place = placeOf(record, field)
      return textOf(bytes, bounds[place] ?? 0, bounds[place + 1] ?? 0)
    },
    integer: (record, field) => {
      const place = placeOf(record, field)
      const [from, to] = [bounds[place] ?? 0, bounds[place + 1] ?? 0]
      return bytes[from] === quote ? integerOf(bytes, from + 1, to - 1) : integerOf(bytes, from, to)
    },
    decimal: (record, field) => {
      const place = placeOf(record, field)
      const [from, to] = [bounds[place] ?? 0, bounds[place + 1] ?? 0]
      return bytes[from] === quote ? decimalOf(bytes, from + 1, to - 1) : decimalOf(bytes, from, to)
    }
  }
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  if (bytes[from] !== quote) return decoder.decode(bytes.subarray(from, to))
  return decoder.decode(bytes.subarray(from + 1, to - 1)).replaceAll('""', '"')
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Characters of a decimal number, at most. */
const longestDecimal = 40

function decimalOf(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from || to - from > longestDecimal) return Number.NaN
  return Number(String.fromCharCode(...bytes.subarray(from, to)))
}

/** Digits that a whole number has at most, so that it is exact. */
const mostDigits = 15

function integerOf(bytes: Uint8Array, from: number, to: number): number {
  const negative = bytes[from] === minus
  const begin = negative ? from + 1 : from
  if (to <= begin || to - begin > mostDigits) return Number.NaN
  let value = 0
  for (let at = begin; at < to; at++) {
    const digit = (bytes[at] ?? 0) - zero
    if (digit < 0 || digit > 9) return Number.NaN
    value = 10 * value + digit
  }
  return negative ? -value : value
}
