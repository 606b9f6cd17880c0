import { FormatError } from './format-error'

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

/** Bytes `begin` to `end` (exclusive) of a source, as a source of its own; `name` is that of the part. */
export function partOf(source: ByteSource, begin: number, end: number, name: string): ByteSource {
  const size = end - begin
  return { name, size, bytes: (from = 0, to = size) => source.bytes(begin + from, begin + to) }
}

/**
 * Bytes `begin` to `end` (exclusive), all of them. Rejects with a `FormatError`, before anything is read, when the
 * source has fewer; `what` names what they are in its message.
 */
export async function exactBytes(
  source: ByteSource,
  begin: number,
  end: number,
  what: string
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = end <= source.size ? await source.bytes(begin, end) : undefined
  if (bytes?.length === end - begin) return bytes
  throw new FormatError(
    `${what}: expected bytes ${begin} to ${end} of ${source.name}, which has ${source.size}: the file is truncated or ` +
      'damaged'
  )
}
