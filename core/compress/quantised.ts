/** Settings that all ways to quantise share. */
import { z } from 'zod'
import type { BlockScale, Grid, MatrixGrid } from '../tensors/grid'
import type { Matrix } from './matrices'
import type { Storage, StoredModel } from './stored-model'
import type { Sweep } from './transform'

/** Bits, the fewer the coarser. */
export const bitsSweep: Sweep = { setting: 'bits', values: () => [8, 4, 3, 2] }

/** The settings of a grid. */
export const gridSettings = {
  bits: z
    .union([z.literal(8), z.literal(4), z.literal(3), z.literal(2)], { error: 'expected 8, 4, 3 or 2' })
    .default(4)
    .describe('bits of a weight: 8, 4, 3 or 2'),
  block: z.int().min(16).max(128).default(32).describe('inputs that share a scale, 16 to 128'),
  symmetric: z.boolean().default(false).describe('no zero points: the grid reaches as far below 0 as above'),
  routers: z.boolean().default(true).describe('the matrices of routers too')
}

/** The model, if no matrix of it is quantised yet; else throws a `RangeError`. */
export function unquantised(model: StoredModel): StoredModel {
  for (const [name, { grid }] of model.storage) {
    if (grid) {
      throw new RangeError(`'${name}' is quantised to ${grid.bits} bits already: quantise a model once, and last`)
    }
  }
  return model
}

/**
 * The grids of the parameter that a matrix is columns of, which from now on is stored by them. Its columns are the outputs;
 * `put` notes the scale of a block of the matrix when it is rounded.
 */
export function gridsIn(storage: Map<string, Storage>, { parameter, values, inputs, at }: Matrix, grid: Grid) {
  const blocks = Math.ceil(inputs / grid.block)
  const size = (values.length / inputs) * blocks
  const before = storage.get(parameter)
  const grids: MatrixGrid = before?.grid ?? { ...grid, scales: new Float32Array(size), zeros: new Uint8Array(size) }
  storage.set(parameter, { ...before, grid: grids })
  return {
    put: (output: number, block: number, { scale, zero }: BlockScale): void => {
      const index = at(output, 0) * blocks + block
      grids.scales[index] = scale
      grids.zeros[index] = zero
    }
  }
}

/** Notes the scale of a block of an output. */
export type Scales = ReturnType<typeof gridsIn>
