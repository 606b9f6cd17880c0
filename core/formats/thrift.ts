/**
 * The bounds of a structure in Thrift's compact protocol, which Parquet's footer and page headers are: hyparquet believes
 * the lengths that it reads. https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
import { FormatError } from './format-error'

const types = { stop: 0, true: 1, false: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, struct: 12 }
const mostLevels = 32
/** Of 64 bits, seven in each byte. */
const mostVarintBytes = 10

/**
 * The end of the structure that begins at a byte. Throws a `FormatError` for one that ends behind the bytes, whose numbers
 * have more than 64 bits, whose lists have more elements than there are bytes, and of more than 32 levels.
 */
export function endOfThrift(bytes: Uint8Array, begin: number): number {
  let at = begin
  const damaged = (problem: string) => new FormatError(`Thrift, byte ${at}: ${problem}`)
  const byte = (): number => {
    const found = bytes[at++]
    if (found === undefined) throw damaged('it ends inside a structure')
    return found
  }
  const skip = (length: number): void => {
    if (!(length >= 0 && length <= bytes.length - at)) throw damaged(`${length} bytes are not there`)
    at += length
  }
  const varint = (): number => {
    let value = 0
    for (let i = 0; i < mostVarintBytes; i++) {
      const found = byte()
      value += (found & 0x7f) * 2 ** (7 * i)
      if (found < 0x80) return value
    }
    throw damaged(`a number of more than ${mostVarintBytes} bytes`)
  }
  const element = (type: number, level: number): void => {
    if (level > mostLevels) throw damaged(`more than ${mostLevels} levels`)
    if (type === types.true || type === types.false) return
    if (type === types.byte) return skip(1)
    if (type === types.double) return skip(8)
    if (type === types.i16 || type === types.i32 || type === types.i64) return void varint()
    if (type === types.binary) return skip(varint())
    if (type === types.struct) return struct(level + 1)
    if (type !== types.list) throw damaged(`type ${type} is none of Parquet's`)
    const head = byte()
    const size = head >> 4 === 15 ? varint() : head >> 4
    if (size > bytes.length - at) throw damaged(`a list of ${size} elements in ${bytes.length - at} bytes`)
    // A truth value takes a byte in a list, and none in a field.
    const boolean = (head & 15) === types.true || (head & 15) === types.false
    for (let i = 0; i < size; i++) element(boolean ? types.byte : head & 15, level + 1)
  }
  const struct = (level: number): void => {
    for (let head = byte(); (head & 15) !== types.stop; head = byte()) {
      if (head >> 4 === 0) varint()
      element(head & 15, level)
    }
  }
  struct(0)
  return at
}
