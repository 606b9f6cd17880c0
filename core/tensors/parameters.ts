import { groupBy } from '../group-by'
import type { CheckpointTensor } from './binding'
import type { Draw } from './draw'
import { type Part, type PartKey, parameterName } from './part'
import { columns, type View, whole } from './view'

/** A parameter as the graphs use it: a matrix `[inputs, outputs]`, the embedding, or a vector. */
export interface Parameter extends PartKey {
  readonly name: string
  readonly shape: readonly number[]
  readonly draw: Draw
  /** Its values where they are stored; together they are all of it. */
  readonly blocks: readonly StoredBlock[]
}

/** Values of a parameter, and where they are stored. */
export interface StoredBlock {
  /** Name of the tensor. */
  readonly tensor: string
  readonly stored: View
  /** The same values in the parameter. */
  readonly own: View
}

/**
 * The parameters that the tensors of a checkpoint make up, in the order in which their parts first appear; the experts
 * of a part follow each other. Throws when blocks of one parameter differ in their rows.
 */
export function parametersOf(tensors: readonly CheckpointTensor[]): Parameter[] {
  const all = tensors.flatMap(({ name, blocks }) =>
    blocks.map(({ of, values }): TensorBlock => ({ tensor: name, of, stored: values }))
  )
  const parts = groupBy(all, ({ of: { part, layer } }) => parameterName({ part, layer }))
  return [...parts.values()].flatMap((blocks) =>
    Array.from(groupBy(blocks, ({ of }) => parameterName(of)).values(), join)
  )
}

interface TensorBlock {
  readonly tensor: string
  readonly of: Part
  readonly stored: View
}

/** The parameter in which these blocks lie side by side. */
function join(blocks: readonly [TensorBlock, ...TensorBlock[]]): Parameter {
  const [{ of, stored: first }] = blocks
  const name = parameterName(of)
  const rows = first.shape.slice(0, -1)
  if (blocks.some(({ stored }) => stored.shape.slice(0, -1).join() !== rows.join())) {
    throw new Error(`the tensors ${blocks.map(({ tensor }) => tensor).join(', ')} do not fit side by side in '${name}'`)
  }
  const widths = blocks.map(({ stored }) => stored.shape.at(-1) ?? 0)
  const before = (block: number) => widths.slice(0, block).reduce((sum, width) => sum + width, 0)
  const shape = [...rows, before(blocks.length)]
  return {
    ...of,
    name,
    shape,
    blocks: blocks.map(({ tensor, stored }, i) => ({
      tensor,
      stored,
      own: columns(whole(shape), before(i), widths[i] ?? 0)
    }))
  }
}
