import type { Architecture, MoeFeedForward } from '../../arch/architecture'
import { moeLayers } from '../../arch/architecture'
import { branchedExperts } from './branched'
import { capacityExperts } from './capacity'
import type { ExpertDispatch } from './dispatch'
import { gatheredExperts } from './gathered'
import { groupedExperts } from './grouped'

/** Reading many tokens at once, or one at a time. */
export type Phase = 'prefill' | 'decode'

/**
 * The way of computing experts that was measured to be the quickest for a kind of processor and a phase.
 *
 * One token on the CPU: copying the chosen weights costs as much as reading them, branching a fixed time; they cross
 * near 100,000 weights in an expert (`npm run bench` shows both). On the GPU branches would wait for the CPU.
 */
export function chooseDispatch(architecture: Architecture, processor: 'cpu' | 'gpu', phase: Phase): ExpertDispatch {
  if (phase === 'prefill') return processor === 'gpu' ? capacityExperts(architecture.context) : groupedExperts
  if (processor === 'gpu') return gatheredExperts
  return expertSize(architecture) > branchingPays ? branchedExperts : gatheredExperts
}

const branchingPays = 100_000

function expertSize(architecture: Architecture): number {
  const shapes = moeLayers(architecture).map((layer) => architecture.layers[layer]?.feedForward as MoeFeedForward)
  return Math.max(0, ...shapes.map((shape) => 3 * architecture.width * shape.expertWidth))
}
