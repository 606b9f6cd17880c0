/**
 * The parameters as the graphs use them: matrices as `[in, out]`, projections that read the same input joined, one
 * matrix per expert, and all of them in one flat vector, so that a train step has one tensor of weights and a
 * checkpoint is one array.
 */
import type { Architecture, Layer } from '../arch/architecture'

/** One matrix or vector of the flat vector. */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  /** Where it starts in the flat vector, in elements. */
  readonly offset: number
  readonly size: number
}

export interface ParameterLayout {
  readonly parameters: readonly Parameter[]
  /** Elements of the flat vector. */
  readonly size: number
  /** The first so many elements are matrices, to which weight decay applies; norms and biases follow. */
  readonly decayed: number
}

/** Where every parameter of an architecture lies in the flat vector. */
export function parameterLayout(architecture: Architecture): ParameterLayout {
  const shapes = [...modelShapes(architecture)]
  const matrices = shapes.filter(([, shape]) => shape.length > 1)
  const vectors = shapes.filter(([, shape]) => shape.length === 1)
  let offset = 0
  const parameters = [...matrices, ...vectors].map(([name, shape]) => {
    const size = shape.reduce((a, b) => a * b, 1)
    offset += size
    return { name, shape, offset: offset - size, size }
  })
  const decayed = parameters[matrices.length]?.offset ?? offset
  return { parameters, size: offset, decayed }
}

/** Names of parameters; `expert` appends the expert's number. */
export const parameterNames = {
  embedding: 'embedding',
  finalNorm: 'final_norm',
  output: 'output',
  layer: (layer: number, part: LayerPart): string => `layers.${layer}.${part}`,
  expert: (layer: number, part: ExpertPart, expert: number): string => `layers.${layer}.${part}.${expert}`
}

export type ExpertPart = 'expert_gate_up' | 'expert_down'

export type LayerPart =
  | 'attention_norm'
  | 'qkv'
  | 'qkv_bias'
  | 'attention_output'
  | 'feed_forward_norm'
  | 'gate_up'
  | 'down'
  | 'router'
  | `router.${string}`
  | 'shared_gate_up'
  | 'shared_down'
  | 'shared_gate'

type NamedShape = [name: string, shape: readonly number[]]

function* modelShapes(architecture: Architecture): Generator<NamedShape> {
  const { vocabularySize, width } = architecture
  yield [parameterNames.embedding, [vocabularySize, width]]
  for (const [index, layer] of architecture.layers.entries()) yield* layerShapes(layer, index, width)
  yield [parameterNames.finalNorm, [width]]
  if (!architecture.tiedEmbeddings) yield [parameterNames.output, [width, vocabularySize]]
}

function* layerShapes({ attention, feedForward }: Layer, layer: number, width: number): Generator<NamedShape> {
  const named = (part: LayerPart, shape: readonly number[]): NamedShape => [parameterNames.layer(layer, part), shape]
  const joined = (attention.heads + 2 * attention.keyValueHeads) * attention.headSize
  yield named('attention_norm', [width])
  yield named('qkv', [width, joined])
  if (attention.projectionBias) yield named('qkv_bias', [joined])
  yield named('attention_output', [attention.heads * attention.headSize, width])
  yield named('feed_forward_norm', [width])
  if (feedForward.kind === 'dense') {
    yield named('gate_up', [width, 2 * feedForward.width])
    yield named('down', [feedForward.width, width])
    return
  }
  const { experts, expertWidth, sharedWidth } = feedForward
  yield named('router', [width, experts])
  for (let e = 0; e < experts; e++) {
    yield [parameterNames.expert(layer, 'expert_gate_up', e), [width, 2 * expertWidth]]
  }
  for (let e = 0; e < experts; e++) yield [parameterNames.expert(layer, 'expert_down', e), [expertWidth, width]]
  if (sharedWidth > 0) {
    yield named('shared_gate_up', [width, 2 * sharedWidth])
    yield named('shared_down', [sharedWidth, width])
    yield named('shared_gate', [width, 1])
  }
}
