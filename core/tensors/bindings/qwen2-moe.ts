import type { Binding, CheckpointTensor } from '../binding'
import { decoder, numbered, projection, router, swiGlu } from '../decoder'
import { uniform } from '../draw'

/**
 * Qwen1.5-MoE and Qwen2-MoE (Yang et al. 2024): experts beside one that is shared and has a gate of its own. A layer
 * without a shared expert keeps its tensors, with zero-size shapes, and its gate: other software expects the names.
 */
export const qwen2Moe: Binding = (architecture) =>
  decoder(architecture, (shape, site) => {
    if (shape.kind === 'dense') return swiGlu('mlp', shape.width, site)
    const { experts, expertWidth, sharedWidth } = shape
    const shared = [
      ...swiGlu('mlp.shared_expert', sharedWidth, site, { role: 'shared_' }),
      projection('mlp.shared_expert_gate.weight', 1, site.width, { part: 'shared_gate', draw: uniform() })
    ]
    return [
      ...router('mlp.gate', shape, site),
      ...numbered(experts, (expert) => swiGlu(`mlp.experts.${expert}`, expertWidth, site, { role: 'expert_', expert })),
      ...(sharedWidth > 0 ? shared : shared.map(namesOnly))
    ]
  })

function namesOnly(tensor: CheckpointTensor): CheckpointTensor {
  return { ...tensor, blocks: [] }
}
