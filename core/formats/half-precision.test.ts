import { expect, test } from 'vitest'
import { halfTensor, inHalfPrecision } from './half-precision'
import { float32Of, readSafetensors, type StoredTensor, storedTensor, writeSafetensors } from './safetensors'

test('half precision: every half is itself again, and what lies between two goes to the nearer, ties to even', () => {
  const finite = Array.from({ length: 0x7c00 }, (_, i) => i)
  const values = float32Of({ ...storedTensor(Uint16Array.from(finite), [finite.length]), dtype: 'F16' })
  const bitsOf = (...floats: number[]) => [
    ...uint16Bits(halfTensor(storedTensor(Float32Array.from(floats), [floats.length])))
  ]
  expect(bitsOf(...values)).toEqual(finite)
  expect(bitsOf(...values.map((each) => -each))).toEqual(finite.map((each) => each | 0x8000))
  for (const i of finite.slice(0, -1).filter((each) => each % 37 === 0 || each < 3 || (each > 1020 && each < 1030))) {
    const [low = 0, high = 0] = [values[i], values[i + 1]]
    const middle = (low + high) / 2
    const nudge = (high - low) / 1024
    expect(bitsOf(middle - nudge, middle, middle + nudge)).toEqual([i, i % 2 === 0 ? i : i + 1, i + 1])
  }
  // numpy 2.4.6: np.array([0.1, 1 / 3, 65519, 1e-8], 'float16').view('uint16')
  expect(bitsOf(0.1, 1 / 3, 65519, 1e-8)).toEqual([0x2e66, 0x3555, 0x7bff, 0])
  for (const beyond of [65520, Number.POSITIVE_INFINITY, Number.NaN]) {
    expect(() => bitsOf(1, beyond)).toThrow(/does not fit into half precision/)
  }
})

test('a file has the same tensors and metadata afterwards, at half the bytes', () => {
  const values = Float32Array.from({ length: 6000 }, (_, i) => Math.sin(i))
  const file = writeSafetensors([['weight', storedTensor(values, [20, 300])]], { format: 'pt' })
  const half = inHalfPrecision(file)
  const { metadata, tensors } = readSafetensors(half)
  expect(half.length / file.length).toBeCloseTo(0.5, 1)
  expect([metadata, [...tensors.keys()]]).toEqual([{ format: 'pt' }, ['weight']])
  const found = tensors.get('weight')
  expect(found?.shape).toEqual([20, 300])
  // Half of the last of 11 significant bits.
  for (const [i, value] of float32Of(found as StoredTensor).entries()) {
    expect(Math.abs(value - (values[i] ?? 0))).toBeLessThanOrEqual(2 ** -12)
  }
})

function uint16Bits({ data }: StoredTensor): Uint16Array {
  return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
}
