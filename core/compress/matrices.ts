import type { FlatParameter } from '../model/parameters'
import { parameterLayout } from '../model/parameters'
import type { PartName } from '../tensors/part'
import type { StoredModel } from './stored-model'

/** A weight matrix as papers write it, with a row for each output: `W[output, input]`. */
export interface Matrix {
  /** Of the parameter. */
  readonly name: string
  readonly parameter: FlatParameter
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
    .map((parameter) => {
      const [inputs = 0, outputs = 0] = parameter.shape
      const values = parameters.subarray(parameter.offset, parameter.offset + parameter.size)
      const at = (output: number, input: number) => input * outputs + output
      return { name: parameter.name, parameter, inputs, outputs, values, at }
    })
}
