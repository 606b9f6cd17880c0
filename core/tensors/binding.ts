/** The tensors of a kind of checkpoint, and the parts of the model that each of them holds. */
import type { Architecture } from '../arch/architecture'
import type { Part } from './part'
import type { View } from './view'

/**
 * A kind of checkpoint, by its `model_type`. It tells the layout of an architecture's checkpoint; throws a `RangeError`
 * when the kind has no names for a layer.
 */
export type Binding = (architecture: Architecture) => CheckpointLayout

/** The tensors of one architecture's checkpoint. */
export interface CheckpointLayout {
  /** In the order of the forward pass, in which they are written. */
  readonly tensors: readonly CheckpointTensor[]
  /** Names of further tensors that a file may have: they repeat what is known. */
  readonly ignored: readonly RegExp[]
}

/** A tensor as a file has it. */
export interface CheckpointTensor {
  readonly name: string
  /** A projection is `[outputs, inputs]`, the embedding `[vocabulary, width]`, a norm or bias `[width]`. */
  readonly shape: readonly number[]
  /**
   * The parts of parameters that its values are; several where a file joins what the model has apart. None for a
   * tensor that only other software expects: it is written as zeros.
   */
  readonly blocks: readonly Block[]
}

/**
 * The values of a tensor that are columns of one parameter (values, if it is a vector). Blocks of the same parameter
 * lie in it side by side, in the order in which the layout lists them.
 */
export interface Block {
  readonly of: Part
  /** Of the tensor's values, `[inputs, columns]` as the parameter has them. */
  readonly values: View
}
