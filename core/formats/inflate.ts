/** Unpacking of what deflate packed: members of ZIP archives, and files of gzip. */
import { type ByteSource, byteSource, exactBytes } from './byte-source'
import { FormatError } from './format-error'

/** Bytes that one file may unpack to, which are all in memory. */
export const mostUnpackedBytes = 512 * 1024 * 1024
/** Deflate cannot do better: what claims more is damaged, or a bomb. */
export const mostDeflateRatio = 1032

/** Unpacks to exactly `size` bytes, and never keeps more. Rejects with a `FormatError` that begins with `name`. */
export async function inflate(
  name: string,
  packed: Uint8Array<ArrayBuffer>,
  format: 'deflate-raw' | 'gzip',
  size: number
): Promise<Uint8Array> {
  const content = new Uint8Array(size)
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format)).getReader()
  let length = 0
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (length + part.value.length > size) {
        await reader.cancel()
        throw new FormatError(`${name}: damaged: it unpacks to more than the ${size} bytes that the archive tells`)
      }
      content.set(part.value, length)
      length += part.value.length
    }
  } catch (cause) {
    if (cause instanceof FormatError) throw cause
    throw new FormatError(`${name}: damaged: it cannot be unpacked`, { cause })
  }
  if (length !== size) throw new FormatError(`${name}: damaged: it unpacks to ${length} bytes, expected ${size}`)
  return content
}

/** True where bytes begin as a file of gzip does. */
export function beginsAsGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/**
 * Unpacks a file of gzip into memory, under its name without `.gz`. Rejects with a `FormatError` for one that is damaged
 * or of several members, or that unpacks to more than 512 MiB.
 */
export async function gunzip(source: ByteSource): Promise<ByteSource> {
  const { name } = source
  // The last four bytes are the size of what was packed (RFC 1952).
  const tail = await exactBytes(source, Math.max(0, source.size - 4), source.size, name)
  const size = tail.length === 4 ? new DataView(tail.buffer, tail.byteOffset).getUint32(0, true) : 0
  if (size > source.size * mostDeflateRatio)
    throw new FormatError(`${name}: damaged: it cannot unpack to ${size} bytes`)
  if (size > mostUnpackedBytes || source.size > mostUnpackedBytes) {
    throw new FormatError(
      `${name}: gzip that unpacks to ${size} bytes, and ${mostUnpackedBytes} are read: unpack it first`
    )
  }
  const packed = await exactBytes(source, 0, source.size, name)
  const content = await inflate(name, packed, 'gzip', size).catch((cause: unknown) => {
    throw new FormatError(`${name}: gzip that is damaged, or of several members: unpack it with gzip -d first`, {
      cause
    })
  })
  return byteSource(name.replace(/\.gz$/i, ''), content)
}
