import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FormatError } from './format-error'
import { float32Of, int32Of, type StoredTensor, storedTensor, uint8Of, uint16Of } from './tensor-data'

function halves(...bits: number[]): StoredTensor {
  return { ...storedTensor(Uint16Array.from(bits), [bits.length]), dtype: 'F16' }
}

test('F16: the examples of IEEE 754-2008 binary16', () => {
  // https://en.wikipedia.org/wiki/Half-precision_floating-point_format#Half_precision_examples
  const tensor = halves(0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3555, 0x3c00, 0x3c01, 0xc000, 0x7bff, 0x7c00, 0xfc00)
  const expected = [0, -0, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 0.333251953125, 1, 1 + 2 ** -10, -2, 65504]
  expect([...float32Of(tensor)]).toEqual([...expected, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
  expect(float32Of(halves(0x7e00))[0]).toBeNaN()
})

test('F16: every finite value is (-1)^s * 2^(e-15) * (1 + m/1024)', () => {
  fc.assert(
    fc.property(fc.nat(1), fc.integer({ min: 1, max: 30 }), fc.nat(1023), (sign, exponent, mantissa) => {
      const [value] = float32Of(halves((sign << 15) | (exponent << 10) | mantissa))
      expect(value).toBe((-1) ** sign * 2 ** (exponent - 15) * (1 + mantissa / 1024))
    })
  )
})

test('BF16 is the upper half of F32', () => {
  const tensor: StoredTensor = { ...storedTensor(Uint16Array.of(0x3f80, 0xc049, 0x7f80, 0x0001), [4]), dtype: 'BF16' }
  const floats = float32Of(tensor)
  expect([...floats].slice(0, 3)).toEqual([1, -3.140625, Number.POSITIVE_INFINITY])
  // By its bits: ONNX Runtime makes the processor take denormal numbers for zero, for all that a process computes later.
  expect(new Uint32Array(floats.buffer)[3]).toBe(0x0001_0000)
})

test('F64 is rounded to F32', () => {
  expect([...float32Of(storedTensor(Float64Array.of(Math.PI, -1), [2]))]).toEqual([Math.fround(Math.PI), -1])
})

test('an aligned tensor is viewed, a misaligned one copied', () => {
  const values = Float32Array.of(1.5, -2)
  const tensor = storedTensor(values, [2])
  expect(float32Of(tensor).buffer).toBe(values.buffer)

  const shifted = new Uint8Array(9)
  shifted.set(tensor.data, 1)
  const misaligned = { ...tensor, data: shifted.subarray(1) }
  expect(float32Of(misaligned)).toEqual(values)
  expect(float32Of({ ...misaligned, data: Buffer.from(shifted.buffer).subarray(1) })).toEqual(values)
})

test('integers', () => {
  expect(int32Of(storedTensor(Int32Array.of(-1, 2), [2]))).toEqual(Int32Array.of(-1, 2))
  expect(uint16Of(storedTensor(Uint16Array.of(65535), [1]))).toEqual(Uint16Array.of(65535))
  expect(uint8Of(storedTensor(Uint8Array.of(255), [1]))).toEqual(Uint8Array.of(255))
})

test('a wrong dtype or shape is an error that says so', () => {
  const integers = storedTensor(Int32Array.of(1), [1])
  expect(() => float32Of(integers, 'token_ids')).toThrow(/'token_ids': expected dtype F32.*found I32/)
  expect(() => uint16Of(integers)).toThrow(FormatError)
  expect(() => uint8Of(integers)).toThrow(FormatError)
  expect(() => int32Of(halves(0))).toThrow(FormatError)
  expect(() => storedTensor(Int32Array.of(1), [2])).toThrow(/\[2\] does not hold 1/)
})
