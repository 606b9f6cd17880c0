import type { Architecture } from '../arch/architecture'
import { createRandom } from '../random'
import { parameterLayout } from './parameters'

/** Random weights to start from, as the flat vector: every parameter as its checkpoint's binding says it begins. */
export function initialWeights(architecture: Architecture, seed: number): Float32Array {
  const { parameters, size } = parameterLayout(architecture)
  const random = createRandom(seed, 'weights')
  const flat = new Float32Array(size)
  for (const { draw, shape, offset, size: count } of parameters) {
    const next = draw(shape)
    for (let i = 0; i < count; i++) flat[offset + i] = next(random)
  }
  return flat
}
