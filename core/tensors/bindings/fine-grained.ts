import type { Binding } from '../binding'
import { decoder, numbered, router, swiGlu } from '../decoder'

/**
 * DeepSeek-V2, DeepSeek-V3 (DeepSeek-AI 2024) and GLM-4.5 (arXiv 2508.06471): dense layers, then numbered experts beside
 * shared ones that are one feed-forward without a gate. A block that predicts further tokens follows the last layer, and
 * is ignored.
 */
export const fineGrained: Binding = (architecture) => {
  const layout = decoder(architecture, (shape, site) => {
    if (shape.kind === 'dense') return swiGlu('mlp', shape.width, site)
    if (shape.sharedWidth > 0 && !shape.ungatedShared) {
      throw new RangeError(
        `a ${architecture.modelType} checkpoint has no name for the gate of a shared expert: expected model type qwen2_moe`
      )
    }
    return [
      ...router('mlp.gate', shape, site),
      ...numbered(shape.experts, (expert) =>
        swiGlu(`mlp.experts.${expert}`, shape.expertWidth, site, { role: 'expert_', expert })
      ),
      ...(shape.sharedWidth > 0 ? swiGlu('mlp.shared_experts', shape.sharedWidth, site, { role: 'shared_' }) : [])
    ]
  })
  const { length: layers } = architecture.layers
  const isBeyond = Array.from({ length: 4 }, (_, i) => new RegExp(`^model\\.layers\\.${layers + i}\\.`))
  return { ...layout, ignored: [...layout.ignored, ...isBeyond] }
}
