import { expect, test } from 'vitest'
import { createRandom } from '../random'
import { floats } from '../runtime/backend'
import { blockScale, codeOf, valueOf } from '../tensors/grid'
import { calibrationOf, dense, moe, storedModel, transformed } from './compress.fixture'
import { roundByHessian } from './gptq'
import { inverseCholesky } from './inverse-cholesky'
import { linearMatrices } from './matrices'
import { observe } from './observation'
import { type StoredModel, storedBytes } from './stored-model'

const n = 8
const rows = 40
const random = createRandom(1, 'gptq')
const mixing = Array.from({ length: n * n }, () => random.normal())
/** Inputs that depend on each other, `[rows, n]`. */
const x = Array.from({ length: rows }, () => {
  const own = Array.from({ length: n }, () => random.normal())
  return own.map((_, i) => own.reduce((sum, each, k) => sum + each * (mixing[i * n + k] ?? 0), 0))
})
const gram = Float64Array.from({ length: n * n }, (_, i) =>
  x.reduce((sum, row) => sum + (row[Math.floor(i / n)] ?? 0) * (row[i % n] ?? 0), 0)
)
const outputs = 3
const weights = Float32Array.from({ length: outputs * n }, () => random.normal())
const matrixOf = (values: Float32Array) => ({
  name: 'w',
  parameter: 'w',
  layer: 0,
  outputs,
  inputs: n,
  values,
  at: (output: number, input: number) => output * n + input
})

/** The inverse of a matrix by Gauss and Jordan. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length
  const work = matrix.map((row, i) => [...row, ...row.map((_, k) => Number(i === k))])
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = work[pivot]?.[pivot] ?? Number.NaN
    work[pivot] = (work[pivot] ?? []).map((each) => each / scale)
    for (let row = 0; row < size; row++) {
      const factor = work[row]?.[pivot] ?? Number.NaN
      if (row !== pivot) work[row] = (work[row] ?? []).map((each, k) => each - factor * (work[pivot]?.[k] ?? 0))
    }
  }
  return work.map((row) => row.slice(size))
}

test('the factor is that of the inverse', () => {
  const factor = inverseCholesky(gram, n)
  const expected = inverse(Array.from({ length: n }, (_, i) => [...gram.subarray(i * n, (i + 1) * n)]))
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const product = Array.from({ length: n }, (_, m) => (factor[m * n + i] ?? 0) * (factor[m * n + k] ?? 0))
      expect(product.reduce((sum, each) => sum + each, 0)).toBeCloseTo(expected[i]?.[k] ?? Number.NaN, 8)
      if (k < i) expect(Math.abs(factor[i * n + k] ?? Number.NaN)).toBe(0)
    }
  }
  expect(() => inverseCholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow('not positive definite')
})

/** Equations 2 and 3 of the paper as they stand: the inverse of what is left of H, anew for every weight. */
function optimalBrainQuantised(row: readonly number[], grid: Parameters<typeof blockScale>[1]): number[] {
  const mean = Array.from({ length: n }, (_, i) => 2 * (gram[i * n + i] ?? 0)).reduce((sum, each) => sum + each, 0) / n
  const h = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, k) => 2 * (gram[i * n + k] ?? 0) + (i === k ? 0.01 * mean : 0))
  )
  const rest = [...row]
  let scale = blockScale(rest.slice(0, grid.block), grid)
  return row.map((_, q) => {
    if (q % grid.block === 0) scale = blockScale(rest.slice(q, q + grid.block), grid)
    const left = inverse(h.slice(q).map((each) => each.slice(q)))
    const rounded = valueOf(codeOf(rest[q] ?? Number.NaN, scale, grid), scale)
    const error = ((rest[q] ?? Number.NaN) - rounded) / (left[0]?.[0] ?? Number.NaN)
    for (let k = q; k < n; k++) rest[k] = (rest[k] ?? Number.NaN) - error * (left[k - q]?.[0] ?? Number.NaN)
    return rounded
  })
}

test.each([
  { bits: 3, block: 8, symmetric: false },
  { bits: 2, block: 4, symmetric: true }
])('rounds as the equations of the paper, weight by weight: %j', (grid) => {
  const values = weights.slice()
  roundByHessian(matrixOf(values), gram, grid, 0.01)
  const expected = Array.from({ length: outputs }, (_, output) =>
    optimalBrainQuantised([...weights.subarray(output * n, (output + 1) * n)], grid)
  ).flat()
  for (const [i, each] of values.entries()) expect(each).toBeCloseTo(expected[i] ?? Number.NaN, 5)
})

test('what comes out is nearer than by round to nearest, which it is for inputs that never came', () => {
  const grid = { bits: 3, block: 8, symmetric: false }
  const nearest = weights.slice()
  roundByHessian(matrixOf(nearest), new Float64Array(n * n), grid, 0.01)
  const byHand = Array.from({ length: outputs }, (_, output) => {
    const row = weights.subarray(output * n, (output + 1) * n)
    const scale = blockScale(row, grid)
    return Array.from(row, (each) => Math.fround(valueOf(codeOf(each, scale, grid), scale)))
  }).flat()
  expect([...nearest]).toEqual(byHand)
  const corrected = weights.slice()
  roundByHessian(matrixOf(corrected), gram, grid, 0.01)
  const error = (values: Float32Array) => {
    const difference = values.map((each, i) => each - (weights[i] ?? Number.NaN))
    let sum = 0
    for (let output = 0; output < outputs; output++) {
      for (const row of x) {
        sum += row.reduce((inner, each, i) => inner + each * (difference[output * n + i] ?? Number.NaN), 0) ** 2
      }
    }
    return sum
  }
  expect(error(corrected)).toBeLessThan(0.7 * error(nearest))
})

/** Of the last batch of the calibration text. */
async function logitsOf(model: StoredModel): Promise<Float32Array> {
  let found = new Float32Array()
  await observe(
    model,
    calibrationOf(model.architecture),
    ({ logits }) => ({ logits }),
    (outputs) => {
      found = Float32Array.from(floats(outputs, 'logits'))
    }
  )
  return found
}

test.each([dense, moe, { ...moe, sharedLayers: true as const }])(
  'the logits stay nearer, for the same bytes',
  async (architecture) => {
    const model = storedModel(architecture)
    const spec = { bits: 3, block: 16 }
    const [byHessian, nearest] = [
      await transformed(model, { id: 'gptq', ...spec }),
      await transformed(model, { id: 'rtn', ...spec })
    ]
    const grids = ({ storage }: StoredModel) =>
      Array.from(storage, ([name, { grid }]) => [name, grid?.bits, grid?.block, grid?.symmetric, grid?.scales.length])
    expect(grids(byHessian)).toEqual(grids(nearest))
    expect(storedBytes(byHessian)).toBe(storedBytes(nearest))
    const logits = await logitsOf(model)
    const distance = async (each: StoredModel) =>
      (await logitsOf(each)).reduce((sum, logit, i) => sum + (logit - (logits[i] ?? Number.NaN)) ** 2, 0)
    expect(await distance(byHessian)).toBeLessThan(await distance(nearest))
    // Of each block of 16 inputs no more than 2^3 values.
    const [first] = linearMatrices(byHessian, byHessian.parameters)
    const values = Array.from({ length: 16 }, (_, input) => first?.values[first.at(0, input)])
    expect(new Set(values).size).toBeLessThanOrEqual(8)
  }
)

test('a quantised model and a damping of 0 are refused', async () => {
  const quantised = await transformed(storedModel(dense), { id: 'rtn' })
  await expect(transformed(quantised, { id: 'gptq' })).rejects.toThrow('is quantised to 4 bits already')
  await expect(async () => transformed(quantised, { id: 'gptq', damping: 0 })).rejects.toThrow('gptq: damping')
})
