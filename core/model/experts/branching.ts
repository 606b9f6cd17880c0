import type { Architecture } from '../../arch/architecture'
import { moeLayers, moeShape } from '../../arch/architecture'

/**
 * True where the chosen experts of one token are branched to on the CPU, and not gathered. Copying their weights costs
 * as much as reading them, branching a fixed time. Where they cross depends on the caches: between 100,000 and 400,000
 * weights in an expert on one machine, near 1,000,000 on another (`npm run bench` shows both).
 */
export function branchingPays(architecture: Architecture): boolean {
  return expertSize(architecture) > 500_000
}

function expertSize(architecture: Architecture): number {
  const shapes = moeLayers(architecture).map((layer) => moeShape(architecture, layer))
  return Math.max(0, ...shapes.map((shape) => 3 * architecture.width * shape.expertWidth))
}
