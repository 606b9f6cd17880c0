import type { Architecture } from '../arch/architecture'
import { createRandom } from '../random'
import { parameterLayout } from './parameters'

/**
 * Random weights to start from, as the flat vector. Matrices are uniform in ±1/sqrt(inputs); those that write into the
 * residual stream are divided by sqrt(2 layers) (Radford et al. 2019, section 2.3); the embedding is normal with
 * standard deviation 0.5/sqrt(d), routers 0.02; norms are 1 and biases 0.
 */
export function initialWeights(architecture: Architecture, seed: number): Float32Array {
  const { parameters, size } = parameterLayout(architecture)
  const random = createRandom(seed, 'weights')
  const flat = new Float32Array(size)
  const residual = 1 / Math.sqrt(2 * architecture.layers.length)
  for (const { name, shape, offset, size: count } of parameters) {
    const draw = drawFor(name, shape, architecture.width, residual)
    for (let i = 0; i < count; i++) flat[offset + i] = draw(random)
  }
  return flat
}

function drawFor(
  name: string,
  shape: readonly number[],
  width: number,
  residual: number
): (random: ReturnType<typeof createRandom>) => number {
  if (name.endsWith('norm')) return () => 1
  if (name.endsWith('bias')) return () => 0
  if (name === 'embedding') return (random) => (random.normal() * 0.5) / Math.sqrt(width)
  if (name.endsWith('router')) return (random) => random.normal() * 0.02
  const writesResidual = /\.(attention_output|down|expert_down|shared_down)(\.\d+)?$/.test(name)
  const bound = (writesResidual ? residual : 1) / Math.sqrt(shape[0] ?? 1)
  return (random) => (random.uniform() * 2 - 1) * bound
}
