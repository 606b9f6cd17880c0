import type { Binding } from '../binding'
import { decoder, projection, stackedSwiGlu } from '../decoder'
import { normal } from '../draw'

/** Granite 3.0 with experts: those of a layer in one tensor, gate and up projection after each other. */
export const graniteMoe: Binding = (architecture) =>
  decoder(architecture, (shape, site) => {
    const block = 'block_sparse_moe'
    if (shape.kind === 'dense' || shape.sharedWidth > 0) {
      throw new RangeError(
        'a granitemoe checkpoint has names for experts alone: expected model type granite or qwen2_moe'
      )
    }
    return [
      projection(`${block}.router.layer.weight`, shape.experts, site.width, { part: 'router', draw: normal(0.02) }),
      ...stackedSwiGlu({ gateUp: `${block}.input_linear.weight`, down: `${block}.output_linear.weight` }, shape, site)
    ]
  })
