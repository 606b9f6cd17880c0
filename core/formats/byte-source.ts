/** Bytes that are read in parts, as those of a file that may be larger than memory. */
export interface ByteSource {
  /** Of a file, or in words: for messages. */
  readonly name: string
  /** Bytes in all. */
  readonly size: number
  /** Bytes `start` to `end` (exclusive); the whole by default. Rejects when they cannot be read. */
  bytes(start?: number, end?: number): Promise<Uint8Array<ArrayBuffer>>
}

/** A source over bytes that are in memory already. */
export function byteSource(name: string, bytes: Uint8Array): ByteSource {
  return { name, size: bytes.length, bytes: async (start = 0, end = bytes.length) => bytes.slice(start, end) }
}
