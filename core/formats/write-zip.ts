import { crc32 } from './crc32'

/** A file of an archive; folders are part of its name. */
export interface ZippedFile {
  readonly name: string
  readonly content: Uint8Array
}

/** Bytes and files that an archive without 64-bit fields can hold. */
const most = { bytes: 0xffffffff, files: 0xffff }

/** "Version needed to extract" 2.0, which knows folders; names are UTF-8 (bit 11 of the flags). */
const [version, utf8] = [20, 1 << 11]

/** 1 January 1980, the earliest that there is: equal files make equal archives. */
const noDate = 0x21

/**
 * A ZIP archive whose members are stored as they are: weights do not compress.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.6 to 4.3.16
 *
 * @throws {RangeError} for more than 4 GiB or 65,535 files
 */
export function writeZip(files: readonly ZippedFile[]): Uint8Array<ArrayBuffer> {
  const members = files.map(({ name, content }) => ({ name: new TextEncoder().encode(name), content }))
  const bytes = members.reduce((sum, { name, content }) => sum + 76 + 2 * name.length + content.length, 22)
  if (bytes > most.bytes || files.length > most.files) {
    throw new RangeError(`an archive holds up to 4 GiB in 65,535 files; these are ${bytes} bytes in ${files.length}`)
  }
  const archive = new Uint8Array(bytes)
  const view = new DataView(archive.buffer)
  let at = 0
  const put = (...fields: readonly (readonly [size: 2 | 4, value: number])[]) => {
    for (const [size, value] of fields) {
      if (size === 2) view.setUint16(at, value, true)
      else view.setUint32(at, value, true)
      at += size
    }
  }
  const append = (part: Uint8Array) => {
    archive.set(part, at)
    at += part.length
  }
  const places = members.map(({ name, content }) => {
    const begin = at
    const size = content.length
    const common = [
      [2, version],
      [2, utf8],
      [2, 0],
      [2, 0],
      [2, noDate],
      [4, crc32(content)],
      [4, size],
      [4, size],
      [2, name.length],
      [2, 0]
    ] as const
    put([4, 0x04034b50], ...common)
    append(name)
    append(content)
    return { begin, name, common }
  })
  const directory = at
  for (const { begin, name, common } of places) {
    put([4, 0x02014b50], [2, version], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, begin])
    append(name)
  }
  const size = at - directory
  put([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, directory], [2, 0])
  return archive
}
