/** Every kind of checkpoint. */
import type { Architecture, RunnableModelType } from '../../arch/architecture'
import type { Binding, CheckpointLayout } from '../binding'
import { fineGrained } from './fine-grained'
import { gptOss } from './gpt-oss'
import { graniteMoe } from './granite-moe'
import { llama } from './llama'
import { mixtral } from './mixtral'
import { olmoe } from './olmoe'
import { qwen2Moe } from './qwen2-moe'

const bindings: Readonly<Record<RunnableModelType, Binding>> = {
  llama,
  granite: llama,
  mistral: llama,
  qwen2: llama,
  qwen3: llama,
  mixtral,
  olmoe,
  granitemoe: graniteMoe,
  qwen2_moe: qwen2Moe,
  qwen3_moe: olmoe,
  glm4_moe: fineGrained,
  deepseek_v2: fineGrained,
  deepseek_v3: fineGrained,
  gpt_oss: gptOss
}

/**
 * The tensors of an architecture's checkpoint, and what each of them is to the model. Throws a `RangeError` when the
 * model type has no names for a layer.
 */
export function checkpointLayout(architecture: Architecture): CheckpointLayout {
  return bindings[architecture.modelType](architecture)
}
