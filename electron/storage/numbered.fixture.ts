/** Contents that tell which write they are of, and whether they are whole. */
export function numberedDocument(n: number): { n: number; text: string; end: number } {
  return { n, text: 'state '.repeat((n * 37) % 20_000), end: n }
}

/** Its number, then as many bytes of it as the number says. */
export function numberedBytes(n: number): Uint8Array {
  const bytes = new Uint8Array(100_000 + (n % 7) * 50_000).fill(n % 256)
  new DataView(bytes.buffer).setUint32(0, n)
  return bytes
}

/** The number of such bytes; throws when they are not those that were written. */
export function numberOf(bytes: Uint8Array): number {
  const n = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  if (Buffer.compare(bytes, numberedBytes(n)) !== 0) throw new Error(`expected the bytes of write ${n}, found others`)
  return n
}
