import type { Architecture } from '../arch/architecture'
import { parameterName } from '../tensors/part'
import type { FlatParameter } from './parameters'
import { parameterLayout } from './parameters'

/** A model of which only some experts are left: those of the others and their columns of the router are cut out. */
export function prunedModel(
  architecture: Architecture,
  flat: Float32Array,
  left: readonly number[],
  topK?: number
): { readonly architecture: Architecture; readonly flat: Float32Array } {
  const layers = architecture.layers.map((layer) => {
    const { feedForward } = layer
    if (feedForward.kind === 'dense') return layer
    return { ...layer, feedForward: { ...feedForward, experts: left.length, topK: topK ?? feedForward.topK } }
  })
  const pruned = { ...architecture, layers }
  const layout = parameterLayout(pruned)
  const whole = new Map(parameterLayout(architecture).parameters.map((each) => [each.name, each]))
  const result = new Float32Array(layout.size)
  for (const { part, layer, expert, offset, size } of layout.parameters) {
    const name = parameterName({ part, layer, expert: expert === undefined ? undefined : left[expert] })
    const from = whole.get(name)
    if (!from) throw new Error(`the whole model has no '${name}'`)
    result.set(part === 'router' ? columns(flat, from, left) : flat.subarray(from.offset, from.offset + size), offset)
  }
  return { architecture: pruned, flat: result }
}

/** Its parameters, where neither experts nor shared experts of a layer give anything: their down projections are 0. */
export function silencedModel(architecture: Architecture, flat: Float32Array, silenced: number): Float32Array {
  const result = flat.slice()
  for (const { part, layer, offset, size } of parameterLayout(architecture).parameters) {
    if (layer === silenced && (part === 'expert_down' || part === 'shared_down')) result.fill(0, offset, offset + size)
  }
  return result
}

function columns(flat: Float32Array, { offset, shape }: FlatParameter, left: readonly number[]): Float32Array {
  const [rows = 0, experts = 0] = shape
  return Float32Array.from({ length: rows * left.length }, (_, i) => {
    const [row, column] = [Math.floor(i / left.length), left[i % left.length] ?? Number.NaN]
    return flat[offset + row * experts + column] ?? Number.NaN
  })
}
