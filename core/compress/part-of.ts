import { type Architecture, type Layer, moeShape } from '../arch/architecture'
import { FormatError } from '../formats/format-error'
import { type FlatParameter, parameterLayout } from '../model/parameters'
import { routerOf } from '../routers'
import { gridOfOutputs } from '../tensors/grid'
import { parameterName } from '../tensors/part'
import type { Storage, StoredModel } from './stored-model'

/** A layer of a model, and those of its experts that are left; all of them where it does not say. */
export interface KeptLayer {
  /** Index in the model that it is taken from. */
  readonly layer: number
  readonly experts?: readonly number[] | undefined
}

/**
 * A model of these layers of another, in this order, with these of their experts, to which the columns of the routers
 * follow. Throws a `RangeError` where nothing would be left: no layer, or fewer experts than each token needs; and for a
 * router that is not made for fewer experts.
 */
export function partOf(model: StoredModel, kept: readonly KeptLayer[]): StoredModel {
  const architecture = architectureOf(model.architecture, kept)
  const whole = new Map(parameterLayout(model.architecture).parameters.map((each) => [each.name, each]))
  const layout = parameterLayout(architecture)
  const parameters = new Float32Array(layout.size)
  const storage = new Map<string, Storage>()
  for (const parameter of layout.parameters) {
    const { name, offset } = parameter
    const from = sourceOf(parameter, model.architecture, kept, whole)
    const values = model.parameters.subarray(from.offset, from.offset + from.size)
    const experts = isOfRouter(from) ? kept[parameter.layer ?? 0]?.experts : undefined
    parameters.set(experts ? columnsOf(values, from, experts, model.architecture) : values, offset)
    const own = model.storage.get(from.name)
    if (own) storage.set(name, experts ? storageOfColumns(own, from, experts, model.architecture) : own)
  }
  return { architecture, parameters, storage }
}

function architectureOf(architecture: Architecture, kept: readonly KeptLayer[]): Architecture {
  const { width } = architecture
  if (kept.length === 0) throw new RangeError('no layer would be left: a model needs at least one')
  const layers = kept.map(({ layer, experts }): Layer => {
    const whole = architecture.layers[layer]
    if (!whole) throw new RangeError(`layer ${layer}: the model has ${architecture.layers.length}, counted from 0`)
    if (!experts) return whole
    const shape = moeShape(architecture, layer)
    if (experts.length < shape.topK || experts.length === 0) {
      throw new RangeError(
        `layer ${layer}: ${experts.length} of ${shape.experts} experts would be left, but each token needs ${shape.topK}`
      )
    }
    const feedForward = { ...shape, experts: experts.length }
    try {
      if (!routerOf(feedForward, width).matrix) {
        throw new RangeError(
          `layer ${layer}: router '${shape.router.kind}' has no matrix, whose columns stand for experts`
        )
      }
    } catch (error) {
      throw error instanceof FormatError ? new RangeError(`layer ${layer}: ${error.message}`, { cause: error }) : error
    }
    return { ...whole, feedForward }
  })
  return { ...architecture, layers }
}

function sourceOf(
  { part, layer, expert }: FlatParameter,
  { sharedLayers }: Architecture,
  kept: readonly KeptLayer[],
  whole: ReadonlyMap<string, FlatParameter>
): FlatParameter {
  const from = layer === undefined ? undefined : kept[layer]
  const name = parameterName({
    part,
    layer: from && (sharedLayers ? 0 : from.layer),
    expert: expert === undefined ? undefined : (from?.experts?.[expert] ?? expert)
  })
  const found = whole.get(name)
  if (!found) throw new Error(`the whole model has no '${name}'`)
  return found
}

function isOfRouter({ part }: FlatParameter): boolean {
  return part === 'router' || part.startsWith('router.')
}

/** The columns of experts, of a parameter that has one for each; else all of it. */
function columnsOf(
  values: Float32Array,
  { shape, layer = 0 }: FlatParameter,
  experts: readonly number[],
  architecture: Architecture
): Float32Array {
  const columns = shape.at(-1) ?? 0
  if (columns !== moeShape(architecture, layer).experts) return values
  return Float32Array.from({ length: (values.length / columns) * experts.length }, (_, i) => {
    const row = Math.floor(i / experts.length)
    return values[row * columns + (experts[i % experts.length] ?? 0)] ?? Number.NaN
  })
}

function storageOfColumns(
  storage: Storage,
  { shape: [inputs = 0, columns], layer = 0 }: FlatParameter,
  experts: readonly number[],
  architecture: Architecture
): Storage {
  if (!storage.grid || columns !== moeShape(architecture, layer).experts) return storage
  return { ...storage, grid: gridOfOutputs(storage.grid, inputs, experts) }
}
