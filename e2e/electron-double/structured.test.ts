import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeBase64 } from './base64'
import { createJoiner, piecesOf } from './pieces'
import { decode, encode } from './structured'

/** From one side to the other, in pieces. */
function pass(value: unknown): unknown {
  const join = createJoiner()
  const texts = piecesOf(encode(value, nodeBase64)).map(join)
  return decode(texts.at(-1) ?? '', nodeBase64)
}

test('what a structured clone keeps comes back as it was', () => {
  const cloneable = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: false,
    withNullPrototype: false
  })
  fc.assert(
    fc.property(cloneable, (value) => {
      // Objects are compared by what they hold; a clone has no other own members than these.
      expect(pass(value)).toStrictEqual(structuredClone(value))
    })
  )
})

test.each([[undefined], [null], [-0], [Number.NaN], [Number.NEGATIVE_INFINITY], [2n ** 70n], [''], ['\0é⏎\u{1F600}']])(
  '%s',
  (value) => {
    expect(pass(value)).toBe(value)
  }
)

test('what appears twice is one thing, also within itself', () => {
  const shared = { n: 1 }
  const loop: { self?: unknown; pair: unknown[] } = { pair: [shared, shared] }
  loop.self = loop
  const found = pass(loop) as typeof loop
  expect(found.self).toBe(found)
  expect(found.pair[0]).toBe(found.pair[1])
})

test('megabytes go in pieces', () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251)
  expect(piecesOf(encode(bytes, nodeBase64)).length).toBeGreaterThan(5)
  expect(Buffer.compare(pass(bytes) as Uint8Array, bytes)).toBe(0)
})

test('errors keep their kind and message, and __proto__ is a key as any other', () => {
  const error = pass(new RangeError('too much'))
  expect(error).toBeInstanceOf(RangeError)
  expect(error).toMatchObject({ message: 'too much' })
  const object = pass(JSON.parse('{"__proto__":{"a":1}}')) as object
  expect(Object.keys(object)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
})

test('what cannot be cloned is refused as Electron refuses it', () => {
  expect(() => encode({ act: () => {} }, nodeBase64)).toThrow('could not be cloned')
  expect(() => encode(Promise.resolve(), nodeBase64)).toThrow('could not be cloned')
})
