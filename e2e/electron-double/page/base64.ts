import type { Base64 } from '../structured'

/** Bytes at a time: few enough to be arguments of one call, and a multiple of 3, so that the parts can be joined. */
const atATime = 3 * 8192

/** Bytes as text, in a page. */
export const pageBase64: Base64 = {
  encode: (bytes) => {
    const parts: string[] = []
    for (let start = 0; start < bytes.length; start += atATime) {
      parts.push(btoa(String.fromCharCode(...bytes.subarray(start, start + atATime))))
    }
    return parts.join('')
  },
  decode: (text) => {
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
    return bytes
  }
}
