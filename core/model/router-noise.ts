/** The random numbers that routers decide by. */
import type { Architecture } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { constant, input } from '../graph/expression'
import { gather, reshape } from '../graph/operators'
import { values } from '../graph/tensor'
import type { Random } from '../random'
import { createRandom } from '../random'
import type { NoiseDistribution } from '../routers/router'
import type { RoutedLayer } from './adapt-routers'

/** The numbers of a layer's router in a train step, as an input of its graph: float32 `[tokens, experts]`. */
export function noiseInput(layer: number, tokens: number, experts: number): Expression {
  return input(noiseName(layer), 'float32', [tokens, experts])
}

/** The numbers of a step of a training for that input, by its name; the same for the same seed and step. */
export function stepNoise(
  routed: readonly RoutedLayer[],
  { tokens, seed, step }: { readonly tokens: number; readonly seed: number; readonly step: number }
): Readonly<Record<string, Noise>> {
  return Object.fromEntries(
    routed.flatMap(({ layer, shape: { experts }, router: { noise } }): [string, Noise][] => {
      if (!noise) return []
      const data = drawn(noise, tokens * experts, seed, `train/noise/${step}/${layer}`)
      return [[noiseName(layer), { type: 'float32', shape: [tokens, experts], data }]]
    })
  )
}

interface Noise {
  readonly type: 'float32'
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** The numbers of each token where a model is measured or generates: fixed for a layer and a position. */
export function fixedNoise(
  distribution: NoiseDistribution,
  { layer, experts, positions, context }: FixedNoiseSite
): Expression {
  const table = drawn(distribution, context * experts, layer, 'model/noise')
  return gather(constant(values('float32', [context, experts], table)), reshape(positions, [-1]))
}

interface FixedNoiseSite extends Pick<Architecture, 'context'> {
  readonly layer: number
  readonly experts: number
  /** int64 `[batch, tokens of a sequence]`. */
  readonly positions: Expression
}

function noiseName(layer: number): string {
  return `noise_${layer}`
}

function drawn(distribution: NoiseDistribution, count: number, seed: number, label: string): Float32Array {
  const random: Random = createRandom(seed, label)
  return Float32Array.from({ length: count }, () => random[distribution]())
}
