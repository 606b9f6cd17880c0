import type { Base64 } from '../structured'

/** Methods that Chromium has had since 140, and TypeScript's library of ES2023 does not know. */
type Bytes = Uint8Array & { toBase64(): string }
const { fromBase64 } = Uint8Array as unknown as { fromBase64(text: string): Uint8Array<ArrayBuffer> }

/** Bytes as text, in a page. */
export const pageBase64: Base64 = {
  encode: (bytes) => (bytes as Bytes).toBase64(),
  decode: (text) => fromBase64.call(Uint8Array, text)
}
