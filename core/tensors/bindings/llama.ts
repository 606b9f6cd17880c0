import type { Binding } from '../binding'
import { decoder, swiGlu } from '../decoder'

/** Llama (Touvron et al. 2023), Granite, Mistral, Qwen2 and Qwen3: dense layers only. */
export const llama: Binding = (architecture) =>
  decoder(architecture, (shape, site) => {
    if (shape.kind === 'dense') return swiGlu('mlp', shape.width, site)
    throw new RangeError(
      `a ${architecture.modelType} checkpoint has no names for experts: expected model type mixtral or qwen2_moe`
    )
  })
