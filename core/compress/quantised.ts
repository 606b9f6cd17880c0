/** What ways to quantise share. */
import { z } from 'zod'
import type { StoredModel } from './stored-model'

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
