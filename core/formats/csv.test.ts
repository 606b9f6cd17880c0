import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byteSource } from './byte-source'
import { openCsv } from './csv'

const source = (text: string) => byteSource('t.csv', new TextEncoder().encode(text))

/** All fields as text, without the names. */
async function recordsOf(text: string): Promise<string[][]> {
  const table = await openCsv(source(text))
  const records: string[][] = []
  for await (const block of table.blocks()) {
    for (let record = 0; record < block.count; record++) {
      records.push(table.names.map((_, field) => block.text(record, field)))
    }
  }
  return records
}

test('names and fields of RFC 4180: quotes, commas and ends of lines within them', async () => {
  const table = await openCsv(source('a,"b ""c""",d\n'))
  expect(table.names).toEqual(['a', 'b "c"', 'd'])
  expect(await recordsOf('a,b\r\n1,"x,\r\n""y"""\r\n\r\n,\n-2,z')).toEqual([
    ['1', 'x,\r\n"y"'],
    ['', ''],
    ['-2', 'z']
  ])
})

test('what was written as RFC 4180 says is read', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') })
  const rows = fc.array(fc.tuple(text, text), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom('\n', '\r\n'), async (rows, end) => {
      const lines = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(','))
      expect(await recordsOf(['a,b', ...lines].join(end))).toEqual(rows)
    })
  )
})

test('numbers are those of JavaScript, and NaN for anything else', async () => {
  const fields = ['7', '-7', '"7"', '', '-', '7.5', 'x', '1e3', '1234567890123456']
  const table = await openCsv(source(`a,b\n${fields.map((field) => `${field},0`).join('\n')}`))
  const { NaN: none } = Number
  for await (const block of table.blocks()) {
    const of = (read: (record: number, field: number) => number) => fields.map((_, record) => read(record, 0))
    expect(of(block.integer)).toEqual([7, -7, 7, none, none, none, none, none, none])
    expect(of(block.decimal)).toEqual([7, -7, 7, none, none, 7.5, none, 1000, 1234567890123456])
  }
})

test('blocks are whole records, follow each other, and can be read once more', async () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => `${i},${i % 7}`)
  const table = await openCsv(source(`a,b\n${rows.join('\n')}`))
  let next = 2
  let blocks = 0
  for await (const { begin, end, first, count } of table.blocks()) {
    expect(first).toBe(next)
    const again = await table.read({ begin, end, first })
    expect(again.count).toBe(count)
    expect(again.integer(count - 1, 0)).toBe(first + count - 3)
    expect(again.integer(count - 1, 1)).toBe((first + count - 3) % 7)
    next += count
    blocks++
  }
  expect(next - 2).toBe(rows.length)
  expect(blocks).toBeGreaterThan(1)
})

test.each([
  ['a field too many', 'a,b\n1,2\n1,2,3\n', /t\.csv: row 3: expected 2 fields, found 3/],
  ['a field too few', 'a,b\n1\n', /row 2: expected 2 fields, found 1/],
  ['an open quote', 'a,b\n1,"2\n', /row 2: a quote is not closed: the file is truncated/],
  ['text after a quote', 'a,b\n1,"2"3\n', /row 2: text follows a quote/],
  ['names without an end', '"a', /no line with the names/]
])('%s is refused', async (_, text, message) => {
  await expect(recordsOf(text)).rejects.toThrow(message)
})
