import type { Binding } from '../binding'
import { decoder, numbered, router, swiGlu } from '../decoder'

/** OLMoE (Muennighoff et al. 2024) and Qwen3 with experts: numbered experts and no shared one. */
export const olmoe: Binding = (architecture) =>
  decoder(architecture, (shape, site) => {
    if (shape.kind === 'dense') return swiGlu('mlp', shape.width, site)
    if (shape.sharedWidth > 0) {
      throw new RangeError(
        `a ${architecture.modelType} checkpoint has no names for a shared expert: expected model type qwen2_moe`
      )
    }
    return [
      ...router('mlp.gate', shape, site),
      ...numbered(shape.experts, (expert) =>
        swiGlu(`mlp.experts.${expert}`, shape.expertWidth, site, { role: 'expert_', expert })
      )
    ]
  })
