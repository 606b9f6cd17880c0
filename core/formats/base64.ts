import { FormatError } from './format-error'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const invalid = 255
const values = new Uint8Array(128).fill(invalid)
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i

/**
 * The bytes of base64 text (RFC 4648, section 4) without line breaks; padding may be missing. Throws a `FormatError`
 * that names `field` for any other text.
 */
export function base64Bytes(text: string, field: string): Uint8Array<ArrayBuffer> {
  const length = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length
  if (length % 4 === 1) throw new FormatError(`${field}: base64 of ${length} characters: the text is truncated`)
  const bytes = new Uint8Array(Math.floor((length * 3) / 4))
  let bits = 0
  let written = 0
  for (let i = 0; i < length; i++) {
    const value = values[text.charCodeAt(i)] ?? invalid
    if (value === invalid) {
      throw new FormatError(`${field}: character ${i}: expected base64, found ${JSON.stringify(text[i])}`)
    }
    bits = ((bits << 6) | value) & 0xffffff
    // After the second, third and fourth character of each four, a byte is whole.
    const rest = i % 4
    if (rest > 0) bytes[written++] = bits >> (6 - 2 * rest)
  }
  return bytes
}
