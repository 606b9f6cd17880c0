import { expect, test } from 'vitest'
import { blockScale, codeOf, valueOf } from './grid'

const twoBits = { bits: 2, block: 16, symmetric: false }
const rounded = (values: readonly number[], grid: { bits: number; block: number; symmetric: boolean }) => {
  const scale = blockScale(values, grid)
  return values.map((value) => valueOf(codeOf(value, scale, grid), scale))
}

test('by hand: four values in two bits', () => {
  // (0.5 + 0.25) / 3 = 0.25, zero point round(0.25 / 0.25) = 1: the grid is -0.25, 0, 0.25, 0.5.
  const values = [-0.25, -0.1, 0.14, 0.5]
  expect(blockScale(values, twoBits)).toEqual({ scale: 0.25, zero: 1 })
  expect(rounded(values, twoBits)).toEqual([-0.25, 0, 0.25, 0.5])
})

test('by hand: symmetric, the largest magnitude at both ends of 2^b - 1 steps', () => {
  // 2 * 1.5 / 3 = 1, zero point 2: the grid is -2, -1, 0, 1.
  const grid = { ...twoBits, symmetric: true }
  expect(blockScale([-1.5, 0.2, 0.6], grid)).toEqual({ scale: 1, zero: 2 })
  expect(rounded([-1.5, 0.2, 0.6], grid)).toEqual([-1, 0, 1])
})

test('0 stays 0, a block of one sign reaches to 0, and one too small for a scale becomes 0', () => {
  expect(rounded([0, 3, 0.9], twoBits)).toEqual([0, 3, 1])
  expect(rounded([0, -3, -0.9], twoBits)).toEqual([0, -3, -1])
  expect(rounded([1e-9, -1e-9], twoBits)).toEqual([0, 0])
})

test('no value is moved by more than half a step, up to the half-precision rounding of the scale', () => {
  const values = Array.from({ length: 64 }, (_, i) => Math.sin(i * i) / 3)
  for (const bits of [8, 4, 3, 2]) {
    const grid = { bits, block: 64, symmetric: false }
    const { scale } = blockScale(values, grid)
    const moved = rounded(values, grid).map((each, i) => Math.abs(each - (values[i] ?? Number.NaN)))
    expect(Math.max(...moved)).toBeLessThan(scale * 0.5 + 2 ** bits * scale * 2 ** -11 + 1e-12)
  }
})
