import type { Architecture } from '../../arch/architecture'
import { moeLayers, moeShape } from '../../arch/architecture'

/**
 * True where the chosen experts of one token are branched to on the CPU, and not gathered. Copying their weights costs
 * more than reading them, branching a fixed time. They cross near 250,000 weights in an expert, in WASM a little below
 * and natively a little above, where the caches no longer hold what is copied (`npm run bench` shows both).
 */
export function branchingPays(architecture: Architecture): boolean {
  return expertSize(architecture) > 250_000
}

function expertSize(architecture: Architecture): number {
  const shapes = moeLayers(architecture).map((layer) => moeShape(architecture, layer))
  return Math.max(0, ...shapes.map((shape) => 3 * architecture.width * shape.expertWidth))
}
