import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProtobufWriter } from './protobuf'

/** The bytes of a varint, as the wire format defines them: seven bits each, the lowest first. */
function varint(value: bigint): number[] {
  const bits = BigInt.asUintN(64, value)
  return bits < 0x80n ? [Number(bits)] : [Number(bits & 0x7fn) | 0x80, ...varint(bits >> 7n)]
}

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const whole = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, -1, -(2 ** 31)))

test('integers of all sizes', () => {
  fc.assert(
    fc.property(fc.oneof(int64, whole), (value) => {
      const written = new ProtobufWriter().integer(3, value)
      expect([...written.finish()]).toEqual([3 << 3, ...varint(BigInt(value))])
      expect(written.length).toBe(written.finish().length)
    })
  )
})

test('messages in messages hold short and long fields in their order, and a writer goes on after it was taken', () => {
  const lengths = fc.array(fc.constantFrom(0, 1, 127, 128, 4095, 4096, 5000), { maxLength: 8 })
  fc.assert(
    fc.property(lengths, lengths, (before, after) => {
      const bytesOf = (length: number, i: number) => new Uint8Array(length).fill(i + 1)
      const field = (bytes: Uint8Array) => [(2 << 3) | 2, ...varint(BigInt(bytes.length)), ...bytes]
      const inner = new ProtobufWriter()
      for (const each of before.map(bytesOf)) inner.bytes(2, each)
      const content = before.map(bytesOf).flatMap(field)
      const outer = new ProtobufWriter().bytes(1, inner)
      inner.integer(9, 1)
      for (const each of after.map(bytesOf)) outer.bytes(2, each)
      expect([...outer.finish()]).toEqual([
        (1 << 3) | 2,
        ...varint(BigInt(content.length)),
        ...content,
        ...after.map(bytesOf).flatMap(field)
      ])
    }),
    { numRuns: 40 }
  )
})
