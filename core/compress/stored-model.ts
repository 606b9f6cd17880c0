import type { Architecture } from '../arch/architecture'
import { type FlatParameter, parameterLayout } from '../model/parameters'
import type { RunnableModel } from '../model/runnable-model'
import type { MatrixGrid } from '../tensors/grid'

/** A model as transforms take and give it: float weights to compute with, and how they are stored. */
export interface StoredModel {
  readonly architecture: Architecture
  /** All weights as the flat vector of `parameterLayout`, quantised ones with the values that their codes stand for. */
  readonly parameters: Float32Array
  /** Parameters that are stored in fewer bytes than four a weight, by name. */
  readonly storage: ReadonlyMap<string, Storage>
}

/** A way to store a matrix. */
export interface Storage {
  /** The grids that its weights were rounded to; absent for floats. */
  readonly grid?: MatrixGrid
  /** Only weights other than 0 are stored, and one bit for each weight that says which they are. */
  readonly sparse?: true
}

/** A model as it was opened. */
export function storedModelOf({ architecture, parameters, grids = new Map() }: OpenedModel): StoredModel {
  return { architecture, parameters, storage: new Map(Array.from(grids, ([name, grid]) => [name, { grid }])) }
}

type OpenedModel = Pick<RunnableModel, 'architecture' | 'parameters' | 'grids'>

/** The grids of its quantised parameters, by name. */
export function gridsOf({ storage }: StoredModel): ReadonlyMap<string, MatrixGrid> {
  return new Map([...storage].flatMap(([name, { grid }]) => (grid ? [[name, grid] as const] : [])))
}

/** Bytes of a float32. */
const floatBytes = 4
/** Scales of quantised blocks are stored in half precision. */
const scaleBytes = 2

/**
 * Bytes of all weights: float32, or for each block of a quantised row its packed codes, a scale in half precision and,
 * unless symmetric, a zero point of as many bits as a code. Headers of the file are left out.
 */
export function storedBytes({ architecture, parameters, storage }: StoredModel): number {
  return parameterLayout(architecture).parameters.reduce((sum, parameter) => {
    const values = parameters.subarray(parameter.offset, parameter.offset + parameter.size)
    return sum + parameterBytes(parameter, values, storage.get(parameter.name) ?? {})
  }, 0)
}

function parameterBytes(
  { size, shape: [inputs = 0] }: FlatParameter,
  values: Float32Array,
  { grid, sparse }: Storage
): number {
  const stored = sparse ? values.reduce((count, each) => count + Number(each !== 0), 0) : size
  const mask = sparse ? Math.ceil(size / 8) : 0
  if (!grid) return mask + floatBytes * stored
  const outputs = size / inputs
  const blocks = outputs * Math.ceil(inputs / grid.block)
  const codes = sparse ? Math.ceil((stored * grid.bits) / 8) : outputs * Math.ceil((inputs * grid.bits) / 8)
  const zeros = grid.symmetric ? 0 : Math.ceil((blocks * grid.bits) / 8)
  return mask + codes + blocks * scaleBytes + zeros
}
