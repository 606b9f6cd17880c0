import { z } from 'zod'
import { matmul } from '../graph/operators'
import { groupBy } from '../group-by'
import { type BlockScale, blockScale, codeOf, type Grid, valueOf } from '../tensors/grid'
import { inputSums } from './input-sums'
import { inverseCholesky } from './inverse-cholesky'
import { linearMatrices, type Matrix } from './matrices'
import { bitsSweep, gridSettings, gridsIn, type Scales, unquantised } from './quantised'
import { defineTransform } from './transform'

/**
 * Rounds the inputs of each matrix one after the other, and has those that follow make up for the error, by the inverse of
 * `H = 2 X X^T` of its inputs X. Layers are rounded in their order, each for what those before it now give.
 */
export const gptq = defineTransform({
  id: 'gptq',
  name: 'GPTQ',
  papers: [{ arxiv: '2210.17323', place: 'section 3, algorithm 1' }],
  saves: 'the same bytes as rtn, for less loss',
  quantises: true,
  sweep: bitsSweep,
  settings: z.strictObject({
    ...gridSettings,
    damping: z.number().positive().max(1).default(0.01).describe('added to the diagonal of H, as part of its mean')
  }),
  apply: async (model, { routers, damping, ...grid }, calibration) => {
    const parameters = unquantised(model).parameters.slice()
    const storage = new Map(model.storage)
    const rounded = { ...model, parameters, storage }
    for (const matrices of byLayer(linearMatrices(model, parameters, { routers }))) {
      const grams = await inputSums(rounded, matrices, calibration, (x) => matmul(x, x, { a: true }))
      for (const matrix of matrices) {
        const gram = grams.get(matrix.parameter) ?? new Float64Array(matrix.inputs ** 2)
        roundByHessian(matrix, gram, grid, damping, gridsIn(storage, matrix, grid))
      }
    }
    return rounded
  }
})

/** The matrices of each layer, in their order; the output projection is the last. */
function byLayer(matrices: readonly Matrix[]): Matrix[][] {
  return [...groupBy(matrices, ({ layer }) => layer ?? Number.POSITIVE_INFINITY)]
    .sort(([a], [b]) => a - b)
    .map(([, each]) => each)
}

/**
 * Algorithm 1 of the paper, input by input. The scale of a block is taken of the weights as they are when it begins.
 * @param gram `X X^T` of the inputs; 0 where no token came by, and then every weight goes to the nearest value
 * @param scales are told the scale of each block
 */
export function roundByHessian(matrix: Matrix, gram: Float64Array, grid: Grid, damping: number, scales?: Scales): void {
  const { values, outputs, inputs, at } = matrix
  const factor = inverseCholesky(damped(gram, inputs, damping), inputs)
  for (let output = 0; output < outputs; output++) {
    const row = Float64Array.from({ length: inputs }, (_, input) => values[at(output, input)] ?? Number.NaN)
    let scale: BlockScale | undefined
    for (let input = 0; input < inputs; input++) {
      if (!scale || input % grid.block === 0) {
        scale = blockScale(row.subarray(input, input + grid.block), grid)
        scales?.put(output, input / grid.block, scale)
      }
      const weight = row[input] ?? Number.NaN
      const rounded = valueOf(codeOf(weight, scale, grid), scale)
      values[at(output, input)] = rounded
      const error = (weight - rounded) / (factor[input * inputs + input] ?? Number.NaN)
      for (let next = input + 1; next < inputs; next++) {
        row[next] = (row[next] ?? Number.NaN) - error * (factor[input * inputs + next] ?? Number.NaN)
      }
    }
  }
}

/** `H = 2 X X^T` with a part of the mean of its diagonal added to it; the identity where H is 0. */
function damped(gram: Float64Array, inputs: number, damping: number): Float64Array {
  const h = gram.map((each) => 2 * each)
  let mean = 0
  for (let i = 0; i < inputs; i++) mean += (h[i * inputs + i] ?? Number.NaN) / inputs
  for (let i = 0; i < inputs; i++) {
    const place = i * inputs + i
    h[place] = mean === 0 ? 1 : (h[place] ?? Number.NaN) + damping * mean
  }
  return h
}
