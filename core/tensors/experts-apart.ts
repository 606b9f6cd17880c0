/** The experts of a checkpoint one by one, where its file has those of a layer in one tensor. */
import type { FiledTensor } from '../formats/filed-tensor'
import { alongFirstAxis } from '../formats/filed-tensor'
import { dtypeBytes, elementCount } from '../formats/tensor-data'
import type { TensorStore } from './store'

/**
 * Tensors as `save_pretrained` names them, also of a `state_dict` of transformers 5, which has `mlp.experts.gate_up_proj
 * [experts, 2 width, inputs]`, `mlp.experts.down_proj [experts, inputs, width]` and, for Mixtral, its router as `mlp.gate`.
 * The slices stay in their file.
 * @param expected names that the kind of checkpoint calls for
 */
export function withExpertsApart(store: TensorStore, expected: ReadonlySet<string>): TensorStore {
  const tensors = new Map<string, FiledTensor>()
  const add = (name: string, tensor: FiledTensor) => void tensors.set(name, { ...tensor, name })
  for (const [name, tensor] of store.tensors) {
    const [, layer = '', part] = /^(.*)\.mlp\.(experts\.gate_up_proj|experts\.down_proj|gate\.weight)$/.exec(name) ?? []
    const isMixtral = expected.has(`${layer}.block_sparse_moe.gate.weight`)
    if (expected.has(name)) add(name, tensor)
    else if (part === 'gate.weight' && isMixtral) add(`${layer}.block_sparse_moe.gate.weight`, tensor)
    else if ((part?.startsWith('experts.') ?? false) && tensor.shape.length === 3) {
      const block = isMixtral ? `${layer}.block_sparse_moe` : `${layer}.mlp`
      const [gate, up, down] = isMixtral ? ['w1', 'w3', 'w2'] : ['gate_proj', 'up_proj', 'down_proj']
      for (const [expert, each] of alongFirstAxis(tensor).entries()) {
        const halves = part === 'experts.down_proj' ? [[down, each] as const] : zip([gate, up], halvesOf(each))
        for (const [matrix, values] of halves) add(`${block}.experts.${expert}.${matrix}.weight`, values)
      }
    } else add(name, tensor)
  }
  return { ...store, tensors }
}

/** The first and the last half of the rows. */
function halvesOf(tensor: FiledTensor): FiledTensor[] {
  const [rows = 0, ...rest] = tensor.shape
  const shape = [rows / 2, ...rest]
  const middle = tensor.begin + elementCount(shape) * dtypeBytes[tensor.dtype]
  return [
    { ...tensor, shape, end: middle },
    { ...tensor, shape, begin: middle }
  ]
}

function zip(names: readonly (string | undefined)[], tensors: readonly FiledTensor[]) {
  return tensors.map((tensor, i) => [names[i] ?? '', tensor] as const)
}
