import { expect, test } from 'vitest'
import { byteSource } from './byte-source'
import { crc32 } from './crc32'
import { writeZip } from './write-zip'
import { indexZip, openMember } from './zip'

const files = [
  { name: 'größe/config.json', content: new TextEncoder().encode('{"hidden_size": 8}') },
  { name: 'größe/empty', content: new Uint8Array() },
  { name: 'größe/model.safetensors', content: Uint8Array.from({ length: 1000 }, (_, i) => (i * i) % 251) }
]

test('an archive is read back by the reader of archives of others, member by member', async () => {
  const source = byteSource('a.zip', writeZip(files))
  const members = [...(await indexZip(source)).values()]
  expect(members.map(({ name }) => name)).toEqual(files.map(({ name }) => name))
  for (const [i, member] of members.entries()) {
    expect(member.stored).toBe(true)
    expect(member.crc).toBe(crc32(files[i]?.content ?? new Uint8Array()))
    expect(await (await openMember(source, member)).bytes()).toEqual(files[i]?.content)
  }
})

test('the checksum of the standard', () => {
  // The check value of CRC-32 (ISO-HDLC) in the catalogue of parametrised CRC algorithms.
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
})
