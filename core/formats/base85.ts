import { FormatError } from './format-error'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'
const invalid = 255
const values = new Uint8Array(128).fill(invalid)
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i

/**
 * The bytes of base85 text as Python's `base64.b85encode` writes it: five characters for four bytes, the last group cut
 * short by as many as bytes are missing. Throws a `FormatError` that names `field` for any other text.
 */
export function base85Bytes(text: string, field: string): Uint8Array<ArrayBuffer> {
  const padding = (5 - (text.length % 5)) % 5
  if (padding === 4) throw new FormatError(`${field}: base85 of ${text.length} characters: the text is truncated`)
  const bytes = new Uint8Array((4 * (text.length + padding)) / 5)
  const view = new DataView(bytes.buffer)
  for (let begin = 0, at = 0; begin < text.length; begin += 5, at += 4) {
    let group = 0
    for (let i = begin; i < begin + 5; i++) {
      // Missing characters count as the highest.
      const value = i < text.length ? (values[text.charCodeAt(i)] ?? invalid) : alphabet.length - 1
      if (value === invalid) {
        throw new FormatError(`${field}: character ${i}: expected base85, found ${JSON.stringify(text[i])}`)
      }
      group = 85 * group + value
    }
    if (group >= 2 ** 32) throw new FormatError(`${field}: character ${begin}: five characters beyond four bytes`)
    view.setUint32(at, group)
  }
  return bytes.slice(0, bytes.length - padding)
}
