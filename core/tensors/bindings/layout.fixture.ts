import type { Architecture } from '../../arch/architecture'
import { checkpointLayout } from '.'

/** Shapes of an architecture's tensors, by name. */
export function shapes(architecture: Architecture): Record<string, readonly number[]> {
  return Object.fromEntries(checkpointLayout(architecture).tensors.map(({ name, shape }) => [name, shape]))
}
