import { z } from 'zod'
import { blockScale, codeOf, type Grid, valueOf } from '../tensors/grid'
import { linearMatrices, type Matrix } from './matrices'
import { bitsSweep, gridSettings, gridsIn, type Scales, unquantised } from './quantised'
import { defineTransform } from './transform'

/** Round to nearest: every weight to the nearest value of its block's grid, without a look at any text. */
export const roundToNearest = defineTransform({
  id: 'rtn',
  name: 'round to nearest',
  papers: [{ arxiv: '2210.17323', place: 'the baseline of GPTQ' }],
  saves: 'bytes: a code for each weight of the linear layers, a scale and a zero point for each block',
  quantises: true,
  sweep: bitsSweep,
  settings: z.strictObject(gridSettings),
  apply: (model, { routers, ...grid }) => {
    const parameters = unquantised(model).parameters.slice()
    const storage = new Map(model.storage)
    for (const matrix of linearMatrices(model, parameters, { routers })) {
      roundMatrix(matrix, grid, gridsIn(storage, matrix, grid))
    }
    return { ...model, parameters, storage }
  }
})

function roundMatrix({ values, outputs, inputs, at }: Matrix, grid: Grid, scales: Scales): void {
  for (let output = 0; output < outputs; output++) {
    for (let first = 0; first < inputs; first += grid.block) {
      const places = Array.from({ length: Math.min(grid.block, inputs - first) }, (_, i) => at(output, first + i))
      const scale = blockScale(
        places.map((place) => values[place] ?? Number.NaN),
        grid
      )
      scales.put(output, first / grid.block, scale)
      for (const place of places) values[place] = valueOf(codeOf(values[place] ?? Number.NaN, scale, grid), scale)
    }
  }
}
