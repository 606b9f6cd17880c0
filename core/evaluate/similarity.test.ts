import { expect, test } from 'vitest'
import { createRandom } from '../random'
import { angularDistance, blockInfluence, linearCka } from './similarity'

test('by hand: one token turned by a right angle, one by half of it and doubled', () => {
  const [x, y] = [Float32Array.of(1, 0, 2, 0), Float32Array.of(0, 3, 4, 4)]
  expect(blockInfluence(x, y, 2)).toBeCloseTo(1 - (0 + Math.SQRT1_2) / 2, 7)
  expect(angularDistance(x, y, 2)).toBeCloseTo((0.5 + 0.25) / 2, 7)
  expect(blockInfluence(x, x, 2)).toBeCloseTo(0, 7)
  expect(
    angularDistance(
      x,
      x.map((each) => -each),
      2
    )
  ).toBeCloseTo(1, 7)
})

/** By its definition with kernels: HSIC(K, L) = tr(K H L H) of `K = X X^T`, `L = Y Y^T` (their equation 3). */
function kernelAlignment(x: Float32Array, y: Float32Array, tokens: number): number {
  const kernel = (a: Float32Array) => {
    const width = a.length / tokens
    const at = (i: number, j: number) => {
      let sum = 0
      for (let k = 0; k < width; k++) sum += (a[i * width + k] ?? 0) * (a[j * width + k] ?? 0)
      return sum
    }
    const matrix = Array.from({ length: tokens }, (_, i) => Array.from({ length: tokens }, (_, j) => at(i, j)))
    const means = matrix.map((row) => row.reduce((sum, each) => sum + each, 0) / tokens)
    const mean = means.reduce((sum, each) => sum + each, 0) / tokens
    return matrix.map((row, i) => row.map((each, j) => each - (means[i] ?? 0) - (means[j] ?? 0) + mean))
  }
  const [k, l] = [kernel(x), kernel(y)]
  const dot = (a: number[][], b: number[][]) =>
    a.reduce((sum, row, i) => sum + row.reduce((inner, each, j) => inner + each * (b[i]?.[j] ?? 0), 0), 0)
  return dot(k, l) / Math.sqrt(dot(k, k) * dot(l, l))
}

test('linear CKA is that of the kernels, 1 for a rotation, and does not see scale or shift', () => {
  const random = createRandom(1, 'similarity')
  const draw = (length: number) => Float32Array.from({ length }, () => random.normal())
  const [x, y] = [draw(20 * 3), draw(20 * 5)]
  expect(linearCka(x, y, 20)).toBeCloseTo(kernelAlignment(x, y, 20), 6)
  const turned = x.map((_, i) => {
    const [a = 0, b = 0, c = 0] = x.subarray(i - (i % 3), i - (i % 3) + 3)
    return 5 * ([b, c, -a][i % 3] ?? 0) + 7
  })
  expect(linearCka(x, turned, 20)).toBeCloseTo(1, 6)
})
