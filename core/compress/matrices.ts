import { parameterLayout } from '../model/parameters'
import type { PartName } from '../tensors/part'
import type { StoredModel } from './stored-model'

/** A weight matrix of the checkpoint, as papers write it, with a row for each output: `W[output, input]`. */
export interface Matrix {
  /** Of its tensor. */
  readonly name: string
  /** Name of the parameter of which it is all or some columns. */
  readonly parameter: string
  /** Undefined for the output projection. */
  readonly layer: number | undefined
  readonly outputs: number
  readonly inputs: number
  /** The parameter's stretch of the flat vector. */
  readonly values: Float32Array
  /** Place of a weight in `values`. */
  readonly at: (output: number, input: number) => number
}

/** The parts whose matrices are linear layers; a table of tokens that also is the output projection is none. */
const linearParts: ReadonlySet<PartName> = new Set([
  'qkv',
  'attention_output',
  'gate_up',
  'down',
  'shared_gate_up',
  'shared_down',
  'expert_gate_up',
  'expert_down',
  'output'
])

/**
 * The linear layers of a model over these parameters, which they share.
 * @param routers whether those of the routers are among them
 */
export function linearMatrices(
  { architecture }: Pick<StoredModel, 'architecture'>,
  parameters: Float32Array,
  { routers = false }: { readonly routers?: boolean } = {}
): Matrix[] {
  return parameterLayout(architecture)
    .parameters.filter(({ part }) => linearParts.has(part) || (routers && part === 'router'))
    .flatMap(({ name, layer, offset, size, blocks }) => {
      const values = parameters.subarray(offset, offset + size)
      return blocks.map(({ tensor, own }): Matrix => {
        const { offset: first, shape, strides } = own
        const [inputs = 0, outputs = 0] = shape
        const [byInput = 0, byOutput = 0] = strides
        const at = (output: number, input: number) => first + input * byInput + output * byOutput
        return { name: tensor, parameter: name, layer, inputs, outputs, values, at }
      })
    })
}
