import type { Base64 } from './structured'

/** Bytes as text, in Node. */
export const nodeBase64: Base64 = {
  encode: ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
  decode: (text) => new Uint8Array(Buffer.from(text, 'base64'))
}
