/** Source of a graph's weights: initialisers (inference), or slices of one input vector (training). */
import type { Architecture } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { input, weight } from '../graph/expression'
import { reshape, slice, stack, transposeLast } from '../graph/operators'
import type { Parameter } from '../tensors/parameters'
import { type ExpertPart, type LayerPart, type PartKey, parameterName } from '../tensors/part'
import type { ParameterGrids } from './checkpoint'
import { packedMatrix } from './packed-matrix'
import type { FlatParameter } from './parameters'
import { parameterLayout } from './parameters'

export interface Weights {
  readonly embedding: Expression
  readonly finalNorm: Expression
  /** `[d, vocabulary]`, undefined when the embedding is reused. */
  readonly output: Expression | undefined
  layer(layer: number, part: LayerPart): Expression
  expert(layer: number, part: ExpertPart, expert: number): Expression
  /** All experts of a layer in one tensor `[experts, in, out]`. */
  experts(layer: number, part: ExpertPart): Expression
}

/**
 * Weights as constants of the graph, read from the flat vector when the graph is serialised.
 * @param grids of the matrices that are computed from their codes, where a kernel does so
 */
export function constantWeights(
  architecture: Architecture,
  flat: Float32Array,
  grids: ParameterGrids = new Map()
): Weights {
  const layout = parameterLayout(architecture)
  if (flat.length !== layout.size) {
    throw new Error(`the architecture has ${layout.size} parameters, but ${flat.length} weights were given`)
  }
  return lookup(architecture, layout.parameters, (run) => {
    const [first] = run
    const shape = run.length === 1 ? first.shape : [run.length, ...first.shape]
    const name = run.length === 1 ? first.name : parameterName({ part: first.part, layer: first.layer })
    const values = flat.subarray(first.offset, first.offset + run.length * first.size)
    const grid = run.length === 1 ? grids.get(name) : undefined
    return weight(name, shape, values, grid && packedMatrix(name, values, first.shape, grid))
  })
}

/** Weights cut from one float32 vector; `parts` are the expressions to differentiate by, in the layout's order. */
export function slicedWeights(
  architecture: Architecture,
  flat: Expression
): { readonly weights: Weights; readonly parts: readonly Expression[] } {
  const { parameters } = parameterLayout(architecture)
  // Slices copy every weight once; a split into so many parts would do it in turns.
  const parts = parameters.map(({ offset, size, shape }) => reshape(slice(flat, offset, offset + size, 0), shape))
  const partOf = new Map(parameters.map((each, i) => [each, parts[i] as Expression]))
  const found = (each: FlatParameter) => partOf.get(each) as Expression
  const weights = lookup(architecture, parameters, (run) => (run.length === 1 ? found(run[0]) : stack(run.map(found))))
  return { weights, parts }
}

/**
 * Weights as inputs of a graph, for one that computes a part of a model: their names leave out the layer and the expert,
 * so that it serves every layer of a shape and every expert. `inputForm` says which form they are given in.
 */
export function inputWeights(architecture: Architecture): Weights {
  return lookup(architecture, parameterLayout(architecture).parameters, ([parameter]) => {
    const { isTransposed, shape } = inputForm(parameter)
    const given = input(inputName(parameter), 'float32', shape)
    return isTransposed ? transposeLast(given) : given
  })
}

/** The name of an input of `inputWeights`. */
export function inputName({ part }: PartKey): string {
  return part
}

/** The form in which a parameter is an input: `[outputs, inputs]` where its file has it so, so that no value is moved. */
export function inputForm({ shape, blocks }: Parameter): {
  readonly isTransposed: boolean
  readonly shape: readonly number[]
} {
  const isTransposed = shape.length === 2 && blocks.every(({ stored: { strides } }) => strides[0] === 1)
  return { isTransposed, shape: isTransposed ? shape.toReversed() : shape }
}

type Run = readonly [FlatParameter, ...FlatParameter[]]

function lookup(
  architecture: Architecture,
  parameters: readonly FlatParameter[],
  make: (run: Run) => Expression
): Weights {
  const byName = new Map(parameters.map((each) => [each.name, each]))
  const made = new Map<string, Expression>()
  const take = (key: string, run: readonly PartKey[]): Expression => {
    const known = made.get(key)
    if (known) return known
    const [first, ...rest] = run.map(parameterName).map((name) => {
      const found = byName.get(name)
      if (!found) throw new Error(`this architecture has no parameter '${name}'`)
      return found
    })
    if (!first) throw new Error(`this architecture has no parameter '${key}'`)
    const fresh = make([first, ...rest])
    made.set(key, fresh)
    return fresh
  }
  const single = (key: PartKey) => take(parameterName(key), [key])
  const stored = (layer: number) => (architecture.sharedLayers ? 0 : layer)
  return {
    embedding: single({ part: 'embedding' }),
    finalNorm: single({ part: 'final_norm' }),
    output: architecture.tiedEmbeddings ? undefined : single({ part: 'output' }),
    layer: (layer, part) => single({ part, layer: stored(layer) }),
    expert: (layer, part, expert) => single({ part, layer: stored(layer), expert }),
    experts: (layer, part) => {
      const feedForward = architecture.layers[layer]?.feedForward
      const count = feedForward?.kind === 'moe' ? feedForward.experts : 0
      return take(
        parameterName({ part, layer: stored(layer) }),
        Array.from({ length: count }, (_, expert) => ({ part, layer: stored(layer), expert }))
      )
    }
  }
}
