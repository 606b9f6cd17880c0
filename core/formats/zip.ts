/**
 * ZIP archives, as NumPy (.npz) and PyTorch (.pt) write them: members that are stored are read in place, compressed
 * ones into memory. ZIP64 is understood, encryption and archives in several parts are not.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { type ByteSource, byteSource, exactBytes, partOf } from './byte-source'
import { crc32 } from './crc32'
import { FormatError } from './format-error'
import { inflate, mostDeflateRatio, mostUnpackedBytes } from './inflate'

export interface ZipMember {
  readonly name: string
  /** True where its bytes lie in the archive as they are. */
  readonly stored: boolean
  /** Bytes of its content. */
  readonly size: number
  /** Bytes that it takes in the archive. */
  readonly packedSize: number
  /** Of the content. */
  readonly crc: number
  /** The start of the header before its bytes. */
  readonly headerBegin: number
}

const signatures = { member: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator: 0x07064b50 }
const sizes = { member: 30, entry: 46, end: 22, end64: 56, locator: 20 }
const longestComment = 65_535
const mostDirectoryBytes = 64 * 1024 * 1024
const in64Bits = 0xffffffff

/** True where bytes begin as an archive with members does. */
export function beginsAsZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === signatures.member
}

/**
 * The members of an archive by name, in its own order. Rejects with a `FormatError` for what is damaged or cannot be
 * read, and when the compressed members would unpack to more than 512 MiB.
 */
export async function indexZip(source: ByteSource): Promise<Map<string, ZipMember>> {
  const { count, begin, size } = await findDirectory(source)
  if (size > mostDirectoryBytes || size < count * sizes.entry) {
    throw new FormatError(`${source.name}: damaged ZIP: a directory of ${size} bytes with ${count} members`)
  }
  const bytes = await exactBytes(source, begin, begin + size, `${source.name}: ZIP directory`)
  const members = new Map<string, ZipMember>()
  let at = 0
  for (let i = 0; i < count; i++) {
    const { member, length } = readEntry(source, bytes.subarray(at))
    if (members.has(member.name)) {
      throw new FormatError(`${source.name}: damaged ZIP: two members are named '${member.name}'`)
    }
    members.set(member.name, member)
    at += length
  }
  const unpacked = [...members.values()].reduce((sum, { stored, size }) => sum + (stored ? 0 : size), 0)
  if (unpacked > mostUnpackedBytes) {
    throw new FormatError(
      `${source.name}: its compressed members unpack to ${unpacked} bytes, and ${mostUnpackedBytes} are read; save it ` +
        'uncompressed (numpy.savez), so that it can be read in parts'
    )
  }
  return members
}

/** The content of a member. Rejects with a `FormatError` where it is damaged. */
export async function openMember(source: ByteSource, member: ZipMember): Promise<ByteSource> {
  const name = `${source.name}: ${member.name}`
  const header = view(
    await exactBytes(source, member.headerBegin, member.headerBegin + sizes.member, `${name}: ZIP header`)
  )
  if (header.getUint32(0, true) !== signatures.member) throw new FormatError(`${name}: damaged ZIP: no header`)
  const begin = member.headerBegin + sizes.member + header.getUint16(26, true) + header.getUint16(28, true)
  const end = begin + member.packedSize
  if (end > source.size) {
    throw new FormatError(`${name}: ends at byte ${end}, but the file has ${source.size}: it is truncated or damaged`)
  }
  if (member.stored) return partOf(source, begin, end, name)
  const content = await inflate(name, await exactBytes(source, begin, end, name), 'deflate-raw', member.size)
  if (crc32(content) !== member.crc) throw new FormatError(`${name}: damaged: its checksum differs from the archive's`)
  return byteSource(name, content)
}

interface Directory {
  readonly count: number
  readonly begin: number
  readonly size: number
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const tailBegin = Math.max(0, source.size - sizes.end - longestComment)
  const tail = view(await exactBytes(source, tailBegin, source.size, 'ZIP'))
  for (let at = tail.byteLength - sizes.end; at >= 0; at--) {
    if (tail.getUint32(at, true) !== signatures.end) continue
    if (at + sizes.end + tail.getUint16(at + 20, true) !== tail.byteLength) continue
    const directory = {
      count: tail.getUint16(at + 10, true),
      size: tail.getUint32(at + 12, true),
      begin: tail.getUint32(at + 16, true)
    }
    const locator = at - sizes.locator
    const is64 = locator >= 0 && tail.getUint32(locator, true) === signatures.locator
    return is64 ? readEnd64(source, Number(tail.getBigUint64(locator + 8, true))) : directory
  }
  throw new FormatError(`${source.name}: no ZIP archive, or a truncated one: its directory is missing`)
}

async function readEnd64(source: ByteSource, at: number): Promise<Directory> {
  const end = view(await exactBytes(source, at, at + sizes.end64, `${source.name}: ZIP64 directory`))
  if (end.getUint32(0, true) !== signatures.end64) {
    throw new FormatError(`${source.name}: damaged ZIP: the end of its ZIP64 directory is missing`)
  }
  const number = (place: number) => Number(end.getBigUint64(place, true))
  return { count: number(32), size: number(40), begin: number(48) }
}

function readEntry(source: ByteSource, bytes: Uint8Array): { member: ZipMember; length: number } {
  const damaged = (why: string) => new FormatError(`${source.name}: damaged ZIP: ${why}`)
  if (bytes.length < sizes.entry) throw damaged('the directory ends inside an entry')
  const entry = view(bytes)
  if (entry.getUint32(0, true) !== signatures.entry) throw damaged('an entry of the directory is no entry')
  const nameEnd = sizes.entry + entry.getUint16(28, true)
  const extraEnd = nameEnd + entry.getUint16(30, true)
  const length = extraEnd + entry.getUint16(32, true)
  if (length > bytes.length) throw damaged('the directory ends inside an entry')
  const name = new TextDecoder().decode(bytes.subarray(sizes.entry, nameEnd))
  const method = entry.getUint16(10, true)
  if ((entry.getUint16(8, true) & 1) === 1) throw new FormatError(`${source.name}: ${name} is encrypted`)
  if (method !== 0 && method !== 8) {
    throw new FormatError(`${source.name}: ${name}: compression: expected none or deflate, found method ${method}`)
  }
  // ZIP64 gives only the fields that did not fit, in this order.
  const wide = wideFields(bytes.subarray(nameEnd, extraEnd))
  const field = (place: number) => {
    const narrow = entry.getUint32(place, true)
    return narrow === in64Bits ? (wide.shift() ?? narrow) : narrow
  }
  const [size, packedSize, headerBegin] = [field(24), field(20), field(42)]
  const stored = method === 0
  if (packedSize > source.size || (stored ? size !== packedSize : size > packedSize * mostDeflateRatio)) {
    throw damaged(`${name} cannot have ${size} bytes of ${packedSize} in a file of ${source.size}`)
  }
  return { member: { name, stored, size, packedSize, crc: entry.getUint32(16, true), headerBegin }, length }
}

function wideFields(extra: Uint8Array): number[] {
  const fields = view(extra)
  for (let at = 0; at + 4 <= extra.length; ) {
    const [id, length] = [fields.getUint16(at, true), fields.getUint16(at + 2, true)]
    const end = Math.min(at + 4 + length, extra.length)
    if (id === 1) {
      return Array.from({ length: Math.floor((end - at - 4) / 8) }, (_, i) =>
        Number(fields.getBigUint64(at + 4 + i * 8, true))
      )
    }
    at += 4 + length
  }
  return []
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
