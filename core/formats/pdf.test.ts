import { deflateSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { writePdf } from './pdf'

const pixels = Uint8Array.of(255, 0, 0, 0, 0, 255)
const image = { width: 2, height: 1, deflated: deflateSync(pixels) }
const line = { text: 'l’été (5 −) 字', left: 10, width: 72, bottom: 20, size: 12 }
const file = Buffer.from(
  writePdf('Größe – 1', [
    { width: 96, height: 54, image, texts: [line] },
    { width: 96, height: 54, image, texts: [] }
  ])
)
const text = file.toString('latin1')

test('the table at its end names the place of every object', () => {
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
  const [, count = '', rows = ''] = /^xref\n0 (\d+)\n((?:\d{10} \d{5} [nf] \n)+)trailer/.exec(text.slice(start)) ?? []
  const offsets = rows
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => Number(row.slice(0, 10)))
  expect(offsets).toHaveLength(Number(count) - 1)
  for (const [i, offset] of offsets.entries()) expect(text.slice(offset)).toMatch(new RegExp(`^${i + 1} 0 obj\n`))
  // Two pages of three objects each, after catalogue, list of pages, font and title.
  expect(offsets).toHaveLength(4 + 2 * 3)
})

test('holds the pixels of its pictures', () => {
  const picture = /\/Subtype \/Image [^>]*\/Length (\d+)>>\nstream\n/.exec(text)
  const begin = (picture?.index ?? 0) + (picture?.[0].length ?? 0)
  expect(new Uint8Array(inflateSync(file.subarray(begin, begin + Number(picture?.[1]))))).toEqual(pixels)
})

test('holds its texts in Windows-1252, each as wide as it is seen', () => {
  const [, scale, hex = ''] = /\/F 12 Tf ([\d.]+) Tz 1 0 0 1 10 20 Tm <([0-9a-f]+)> Tj/.exec(text) ?? []
  // In Windows-1252 the apostrophe is 0x92, and the rest as in Latin-1.
  expect(Buffer.from(hex, 'hex').toString('latin1')).toBe('l\x92été (5 -) ?')
  // Letters of Courier are 0.6 of their size wide, and the line has 13.
  expect((Number(scale) / 100) * 0.6 * 12 * 13).toBeCloseTo(72, 1)
  const [, title = ''] = /\/Title <feff([0-9a-f]+)>/.exec(text) ?? []
  expect(new TextDecoder('utf-16be').decode(Buffer.from(title, 'hex'))).toBe('Größe – 1')
})
