/** Small models of every kind, with weights and tokens, for the tests of this folder. */
import type { Architecture, Attention } from '../arch/architecture'
import { topKRouterSpec } from '../arch/architecture'
import type { MoeShape } from '../arch/presets'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { evaluate } from '../graph/evaluate'
import type { Expression } from '../graph/expression'
import type { Values } from '../graph/tensor'
import { values } from '../graph/tensor'
import { createRandom } from '../random'
import { routerSpecSchema } from '../routers'
import { routedLayers } from './adapt-routers'
import { initialWeights } from './initial-weights'
import { stepNoise } from './router-noise'
import type { TrainStepOptions } from './train-step'

const shape = { width: 16, vocabularySize: 55, context: 8 }
const experts = { ...shape, experts: 4, expertWidth: 12 }
const shared = moeArchitecture({ ...experts, sharedWidth: 20 })

/** One of each kind; the last has all that a qwen2_moe can have. */
export const architectures: Readonly<Record<string, Architecture>> = {
  dense: denseArchitecture(shape),
  'top-2 of 4 experts': moeArchitecture(experts),
  'top-2 of 4 experts, layers that share their weights': { ...moeArchitecture(experts), sharedLayers: true },
  'top-1, gates as they are': moeArchitecture({ ...experts, topK: 1, router: topKRouterSpec(false) }),
  'norms of queries and keys in each head, a window, a bias on the output': withAttention(
    { ...moeArchitecture(experts), modelType: 'qwen3_moe' },
    { projectionBias: true, outputBias: true, queryKeyNorm: 'head', window: 3 }
  ),
  'norms of queries and keys over all heads': withAttention(
    { ...moeArchitecture(experts), modelType: 'olmoe' },
    { queryKeyNorm: 'allHeads' }
  ),
  'shared expert, grouped queries, biases, an output projection, a dense layer': {
    ...shared,
    tiedEmbeddings: false,
    layers: [
      ...shared.layers.map((layer) => ({
        ...layer,
        attention: { ...layer.attention, keyValueHeads: 2, projectionBias: true }
      })),
      {
        attention: { heads: 4, keyValueHeads: 2, headSize: 4, projectionBias: true },
        feedForward: { kind: 'dense', width: 24 }
      }
    ]
  }
}

function withAttention(architecture: Architecture, options: Partial<Attention>): Architecture {
  const layers = architecture.layers.map((layer) => ({ ...layer, attention: { ...layer.attention, ...options } }))
  return { ...architecture, layers }
}

/** Weights larger than those a training starts from, and no bias 0, so that routers and heads differ from token to token. */
export function clearWeights(architecture: Architecture, seed = 1): Float32Array {
  const random = createRandom(seed, 'model/weights')
  return initialWeights(architecture, seed).map((each) => 3 * each + 0.1 * random.normal())
}

/** Random `tokens` and `targets`. */
export function randomBatch({ vocabularySize }: Architecture, count: number): Record<string, Values> {
  const random = createRandom(1, 'model/tokens')
  const draw = () =>
    values(
      'int32',
      [count],
      Array.from({ length: count }, () => random.integer(vocabularySize))
    )
  return { tokens: draw(), targets: draw() }
}

export const trainStepOptions: Omit<TrainStepOptions, 'batch' | 'context'> = {
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clip: 1,
  balanceLoss: 0.02,
  zLoss: 0.01
}

/** All inputs of a train step in the midst of a training. */
export function trainStepInputs(architecture: Architecture, count: number): Record<string, Values> {
  const parameters = clearWeights(architecture)
  const random = createRandom(1, 'model/moments')
  const vector = (data: Float32Array) => values('float32', [data.length], data)
  return {
    ...randomBatch(architecture, count),
    parameters: vector(parameters),
    // Of usual sizes: from zero moments AdamW takes the sign of each gradient, which rounding decides where it is tiny.
    first_moment: vector(parameters.map(() => 0.01 * random.normal())),
    second_moment: vector(parameters.map(() => 0.01 * (0.1 + random.uniform()))),
    rates: vector(Float32Array.of(0.01, 1.5, 2.5))
  }
}

/** The noise of a train step for the routers that decide by chance. */
export function routerNoise(architecture: Architecture, tokens: number): Record<string, Values> {
  const noise = stepNoise(routedLayers(architecture), { tokens, seed: 1, step: 1 })
  return Object.fromEntries(
    Object.entries(noise).map(([name, { shape, data }]) => [name, values('float32', shape, data)])
  )
}

/** A model with a router of a kind, its settings by default. */
export function modelWith(kind: string, shape: Partial<MoeShape> = {}): Architecture {
  const router = routerSpecSchema.parse({ kind })
  return moeArchitecture({ width: 16, vocabularySize: 55, context: 8, experts: 8, expertWidth: 12, ...shape, router })
}

/** A graph's outputs in the reference evaluator, by name; all of them, or only the named ones. */
export function compute(
  graph: Readonly<Record<string, Expression>>,
  inputs: Readonly<Record<string, Values>>,
  names: readonly string[] = Object.keys(graph)
): Record<string, Float64Array> {
  const wanted = names.flatMap((name) => (graph[name] ? [{ name, expression: graph[name] }] : []))
  const computed = evaluate(
    wanted.map((each) => each.expression),
    inputs
  )
  return Object.fromEntries(wanted.map(({ name }, i) => [name, computed[i]?.data ?? new Float64Array()]))
}

/** The largest difference between two rows of numbers; infinite where they have not the same length. */
export function largestDifference(a: ArrayLike<number> = [], b: ArrayLike<number> = []): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  return Array.from(a).reduce((most, each, i) => Math.max(most, Math.abs(each - (b[i] ?? Number.NaN))), 0)
}
