import { expect, test } from 'vitest'
import { endOfThrift } from './thrift'

/** Field headers are `delta << 4 | type`. */
const end = (...bytes: number[]) => endOfThrift(Uint8Array.from(bytes), 0)

test('a structure of every type ends behind its stop', () => {
  const fields = [
    0x15, 2, 0x11, 0x13, 7, 0x17, 0, 0, 0, 0, 0, 0, 0, 0, 0x18, 2, 65, 66, 0x19, 0x23, 1, 2, 0x1c, 0x15, 4, 0
  ]
  expect(end(...fields, 0, 99)).toBe(fields.length + 1)
})

test.each([
  ['a number without an end', [0x16, ...new Array<number>(5000).fill(0xff), 0], /more than 10 bytes/],
  ['a list of more than there is', [0x19, 0xfc, 0xff, 0xff, 0xff, 0x07, 0], /a list of 16777215 elements in/],
  ['a text of more than there is', [0x18, 0xff, 0xff, 0x03, 65], /65535 bytes are not there/],
  ['structures in structures', new Array<number>(1000).fill(0x1c), /more than 32 levels/],
  ['no stop', [0x15, 2], /ends inside/],
  ['another type', [0x1b, 0], /type 11/]
])('%s is refused', (_, bytes, message) => {
  expect(() => end(...bytes)).toThrow(message)
})
