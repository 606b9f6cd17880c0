import { parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { byteSource } from './byte-source'
import { openParquet } from './parquet'
import { parquetFiles } from './parquet.fixture'

const bytesOf = (name: keyof typeof parquetFiles) => Uint8Array.from(Buffer.from(parquetFiles[name], 'base64'))
const open = (bytes: Uint8Array) => openParquet(byteSource('t.parquet', bytes))

test.each(['arrow', 'arrowPlain'] as const)('%s is read as another reader reads it', async (name) => {
  const bytes = bytesOf(name)
  const table = await open(bytes)
  expect([...table.columns]).toEqual(['token', 'layer', 'rank', 'expert', 'weight', 'text'])
  expect(table.groupRows.reduce((sum, rows) => sum + rows, 0)).toBe(36)
  const rows = await parquetReadObjects({ file: bytes.buffer })
  for (const column of table.columns) {
    const found: (number | string | undefined)[] = []
    for (const group of table.groupRows.keys()) found.push(...(await table.read(group, column)))
    const expected = rows.map((row): unknown => row[column])
    expect(found).toEqual(expected.map((value) => (typeof value === 'bigint' ? Number(value) : value)))
  }
})

test('a column that is not there is told', async () => {
  const table = await open(bytesOf('arrow'))
  await expect(table.read(0, 'no')).rejects.toThrow(/t\.parquet: column 'no', row group 0: it is missing/)
  await expect(table.read(9, 'token')).rejects.toThrow(/column 'token', row group 9: it is missing/)
})

function withFooter(...length: readonly number[]): Uint8Array {
  const bytes = bytesOf('arrow')
  bytes.set(length, bytes.length - 8)
  return bytes
}

test.each([
  ['a file that is cut at its end', bytesOf('arrow').slice(0, -1), /does not end with PAR1: it is truncated/],
  ['a file of its first bytes', bytesOf('arrow').slice(0, 4), /does not end with PAR1/],
  ['a footer that is longer than the file', withFooter(0, 0, 1, 0), /a footer of 65536 bytes in a file of 3400/],
  ['a footer of other bytes', withFooter(3, 0, 0, 0), /t\.parquet: Parquet: the footer cannot be read .*damaged/]
])('%s is refused in words', async (_, bytes, message) => {
  await expect(open(bytes)).rejects.toThrow(message)
  await expect(open(bytes)).rejects.toThrow(expect.objectContaining({ name: 'FormatError' }))
})
