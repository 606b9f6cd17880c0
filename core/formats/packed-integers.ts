/**
 * Integers of few bits, packed in rows of words: a row is one stream of bits, number `i` in bits `i * bits` and following,
 * lowest first, filled up with zeros to a whole word, of 32 bits unless it is said. Little-endian, so that the stream runs
 * through the bytes.
 */

/** 32-bit words of a row of so many integers. */
export function packedWords(count: number, bits: number): number {
  return Math.ceil((count * bits) / 32)
}

/** The bytes of `[rows, columns]` integers from 0 to `2^bits - 1`, of at most 8 bits. */
export function packRows(
  values: Uint8Array,
  [rows, columns]: readonly [number, number],
  bits: number,
  wordBits: 8 | 32 = 32
): Uint8Array {
  const rowBytes = (wordBits / 8) * Math.ceil((columns * bits) / wordBits)
  const bytes = new Uint8Array(rows * rowBytes)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const byte = row * rowBytes + ((column * bits) >> 3)
      const shifted = (values[row * columns + column] ?? 0) << ((column * bits) & 7)
      bytes[byte] = (bytes[byte] ?? 0) | shifted
      if (shifted > 0xff) bytes[byte + 1] = (bytes[byte + 1] ?? 0) | (shifted >> 8)
    }
  }
  return bytes
}

/** The integers `[rows, columns]` of these bytes. */
export function unpackRows(bytes: Uint8Array, [rows, columns]: readonly [number, number], bits: number): Uint8Array {
  const rowBytes = 4 * packedWords(columns, bits)
  const values = new Uint8Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const byte = row * rowBytes + ((column * bits) >> 3)
      const both = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8)
      values[row * columns + column] = (both >> ((column * bits) & 7)) & (2 ** bits - 1)
    }
  }
  return values
}
