import type { Binding } from '../binding'
import { decoder, numbered, router, swiGlu } from '../decoder'

/** Mixtral (Jiang et al. 2024): `w1` gates, `w3` goes up, `w2` down. */
export const mixtral: Binding = (architecture) =>
  decoder(architecture, (shape, site) => {
    if (shape.kind === 'dense') return swiGlu('mlp', shape.width, site)
    if (shape.sharedWidth > 0) {
      throw new RangeError('a mixtral checkpoint has no names for a shared expert: expected model type qwen2_moe')
    }
    const names = { gate: 'w1', up: 'w3', down: 'w2' }
    return [
      ...router('block_sparse_moe.gate', shape, site),
      ...numbered(shape.experts, (expert) =>
        swiGlu(`block_sparse_moe.experts.${expert}`, shape.expertWidth, site, { role: 'expert_', expert, names })
      )
    ]
  })
