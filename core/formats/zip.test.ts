import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { byteSource } from './byte-source'
import { crc32 } from './crc32'
import { numpyFiles } from './numpy.fixture'
import { torchFiles } from './torch.fixture'
import { indexZip, openMember } from './zip'

const numpy = (name: keyof typeof numpyFiles) => new Uint8Array(Buffer.from(numpyFiles[name], 'base64'))

async function read(bytes: Uint8Array): Promise<Record<string, string>> {
  const source = byteSource('a.zip', bytes)
  const members = [...(await indexZip(source)).values()]
  const contents = members.map(async (member) => {
    const content = await openMember(source, member)
    return [member.name, new TextDecoder('latin1').decode(await content.bytes())] as const
  })
  return Object.fromEntries(await Promise.all(contents))
}

test('archives of NumPy, with 64-bit headers, and of torch are read', async () => {
  const stored = await read(numpy('logitsByLayer'))
  expect(Object.keys(stored)).toEqual(['input_ids.npy', 'arr_0.npy', 'arr_1.npy', 'arr_2.npy'])
  const compressed = await read(numpy('compressedLogits'))
  expect(Object.keys(compressed)).toEqual(['layer_1.npy', 'layer_3.npy', 'layer_5.npy'])
  for (const content of [...Object.values(stored), ...Object.values(compressed)])
    expect(content.slice(1, 6)).toBe('NUMPY')
  const torch = await read(new Uint8Array(Buffer.from(torchFiles.stat, 'base64')))
  expect(Object.keys(torch)).toEqual(['archive/data.pkl', 'archive/data/0', 'archive/version'])
})

interface Member {
  readonly name: string
  readonly content: Uint8Array
  readonly compressed?: boolean
  readonly size?: number
  readonly crc?: number
}

/** A small archive, member by member as the specification has it. */
function archive(members: readonly Member[], flags = 0, method?: number): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, compressed = false, size = content.length, crc = 0 } of members) {
    const packed = compressed ? deflateRawSync(content) : Buffer.from(content)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(flags, 2)
    fields.writeUInt16LE(method ?? (compressed ? 8 : 0), 4)
    fields.writeUInt32LE(crc, 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(size, 18)
    fields.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), fields.subarray(0, 2), fields, place, Buffer.from(name)]))
    parts.push(local)
    offset += local.length
  }
  const end = Buffer.alloc(18)
  const bytes = Buffer.concat(directory)
  end.writeUInt16LE(members.length, 6)
  end.writeUInt32LE(bytes.length, 8)
  end.writeUInt32LE(offset, 12)
  return new Uint8Array(Buffer.concat([...parts, bytes, Buffer.from('PK\x05\x06'), end]))
}

// The check value of CRC-32 for these nine digits.
const digits = { name: 'digits', content: new TextEncoder().encode('123456789'), crc: 0xcbf43926 }

test('a compressed member is checked against its checksum', async () => {
  expect(await read(archive([{ ...digits, compressed: true }]))).toEqual({ digits: '123456789' })
  await expect(read(archive([{ ...digits, compressed: true, crc: 1 }]))).rejects.toThrow(/digits: damaged.*checksum/)
})

const zeros = { name: 'zeros', content: new Uint8Array(1_000_000), compressed: true }

test.each([
  ['no archive', new Uint8Array(100), /no ZIP archive/],
  ['a truncated one', archive([digits]).slice(0, -30), /no ZIP archive, or a truncated one/],
  ['a member that claims less than it has', archive([{ ...zeros, size: 10 }]), /unpacks to more than the 10 bytes/],
  ['a member that claims more than it has', archive([{ ...zeros, size: 1_000_001 }]), /unpacks to 1000000 bytes/],
  ['a bomb by its own words', archive([{ ...zeros, size: 0xfffffff0 }]), /zeros cannot have 4294967280 bytes/],
  ['a stored member of two sizes', archive([{ ...digits, size: 10 }]), /digits cannot have 10 bytes of 9/],
  ['bytes that cannot be unpacked', archive([digits], 0, 8), /digits: damaged: it cannot be unpacked/],
  ['encryption', archive([digits], 1), /digits is encrypted/],
  ['another compression', archive([digits], 0, 14), /digits: compression.*method 14/],
  ['two members of one name', archive([digits, digits]), /two members are named 'digits'/]
])('%s is refused in words', async (_, bytes, message) => {
  await expect(read(bytes)).rejects.toThrow(message)
  await expect(read(bytes)).rejects.toThrow(expect.objectContaining({ name: 'FormatError' }))
})

test('compressed members are refused before they fill the memory', async () => {
  const many = Array.from({ length: 600 }, (_, i) => ({ ...zeros, name: `zeros${i}` }))
  await expect(indexZip(byteSource('a.zip', archive(many)))).rejects.toThrow(/unpack to 600000000 bytes.*savez/)
})

test('the checksum of the standard', () => {
  // The check value of CRC-32 (ISO-HDLC) in the catalogue of parametrised CRC algorithms.
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
})
