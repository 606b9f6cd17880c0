/**
 * The parameters in one flat vector, so that a train step has one tensor of weights and a state that is saved is one
 * array.
 */
import type { Architecture } from '../arch/architecture'
import type { CheckpointLayout } from '../tensors/binding'
import { checkpointLayout } from '../tensors/bindings'
import { type Parameter, parametersOf } from '../tensors/parameters'

/** One matrix or vector of the flat vector. */
export interface FlatParameter extends Parameter {
  /** Start in the flat vector, in elements. */
  readonly offset: number
  readonly size: number
}

export interface ParameterLayout {
  readonly parameters: readonly FlatParameter[]
  /** Elements of the flat vector. */
  readonly size: number
  /** The first so many elements are matrices, to which weight decay applies; norms and biases follow. */
  readonly decayed: number
  /** The checkpoint whose tensors hold them. */
  readonly checkpoint: CheckpointLayout
}

/** Layout of an architecture's parameters in the flat vector. */
export function parameterLayout(architecture: Architecture): ParameterLayout {
  const checkpoint = checkpointLayout(architecture)
  const all = parametersOf(checkpoint.tensors)
  const matrices = all.filter(({ shape }) => shape.length > 1)
  const vectors = all.filter(({ shape }) => shape.length === 1)
  let offset = 0
  const parameters = [...matrices, ...vectors].map((each) => {
    const size = each.shape.reduce((a, b) => a * b, 1)
    offset += size
    return { ...each, offset: offset - size, size }
  })
  const decayed = parameters[matrices.length]?.offset ?? offset
  return { parameters, size: offset, decayed, checkpoint }
}
