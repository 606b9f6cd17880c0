import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packedWords, packRows, unpackRows } from './packed-integers'

test('by hand: eight numbers of four bits are one word, the first lowest', () => {
  // The example of compressed-tensors: [1, 2] of eight bits are 0x00000201; of four bits 1 to 8 are 0x87654321.
  expect([...packRows(Uint8Array.of(1, 2), [1, 2], 8)]).toEqual([1, 2, 0, 0])
  expect([...packRows(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), [1, 8], 4)]).toEqual([0x21, 0x43, 0x65, 0x87])
  // Three bits: number 2 lies across the first and the second byte.
  expect([...packRows(Uint8Array.of(7, 0, 5), [1, 3], 3)]).toEqual([0b01_000_111, 0b1, 0, 0])
})

test('packed and unpacked, numbers are what they were, in whole words a row', () => {
  const cases = fc
    .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 70 }))
    .chain(([bits, rows, columns]) =>
      fc.tuple(
        fc.constant({ bits, rows, columns }),
        fc.uint8Array({ minLength: rows * columns, maxLength: rows * columns, max: 2 ** bits - 1 })
      )
    )
  fc.assert(
    fc.property(cases, ([{ bits, rows, columns }, values]) => {
      const bytes = packRows(values, [rows, columns], bits)
      expect(bytes).toHaveLength(4 * rows * packedWords(columns, bits))
      expect(unpackRows(bytes, [rows, columns], bits)).toEqual(values)
    })
  )
})
