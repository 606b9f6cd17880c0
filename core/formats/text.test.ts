import fc from 'fast-check'
import { expect, test } from 'vitest'
import { base64Bytes } from './base64'
import { byteSource } from './byte-source'
import { readJson, readLines } from './text'

test('base64 gives the bytes that Node gives, with and without padding', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64')
      expect(base64Bytes(text, 'f')).toEqual(bytes)
      expect(base64Bytes(text.replaceAll('=', ''), 'f')).toEqual(bytes)
    })
  )
})

test.each([
  ['AAA*', /f: character 3: expected base64, found "\*"/],
  ['AA=A', /f: character 2/],
  ['AAAAA', /f: base64 of 5 characters/],
  ['AAé=', /f: character 2/]
])('%s is no base64', (text, message) => {
  expect(() => base64Bytes(text, 'f')).toThrow(message)
})

test('lines are whole wherever the file is cut into stretches', async () => {
  // Characters of two bytes at every place around 4 MiB.
  const lines = ['é'.repeat(1_500_000), '', 'b', 'é'.repeat(1_200_001), 'last']
  const source = byteSource('f', new TextEncoder().encode(lines.join('\n')))
  const found: string[] = []
  for await (const block of readLines(source)) {
    expect(block.first).toBe(found.length + 1)
    found.push(...block.lines)
  }
  expect(found).toEqual(lines)
})

test('a long line and long JSON are refused with what to do', async () => {
  const huge = { name: 'f', size: 2 ** 31, bytes: async (start = 0, end = 0) => new Uint8Array(end - start).fill(97) }
  await expect(readLines(huge).next()).rejects.toThrow(/line 1 is longer than the 67108864 bytes/)
  await expect(readJson(huge, 'do something else')).rejects.toThrow(/2147483648 bytes.*; do something else/)
})
