/** DeepSeek-V3.2 and dots.llm1. */
import { isBalanced, v3Keys } from './deepseek-keys'
import { family } from './family'
import { describeFineGrained, sparseKeys } from './fine-grained'
import { decoderKeys, flag, layers, size } from './keys'
import { describeLatent, indexerKeys, indexerOf } from './latent'
import { attentionOf } from './parts'

/** dots.llm1 (arXiv 2506.05767); defaults and structure of Dots1Config: norms of heads, a balanced router. */
export const dots1 = family(
  ['dots1'],
  decoderKeys({ vocabulary: 152_064, width: 4608, layers: 62, heads: 32, keyValueHeads: 32, context: 2048 })
    .extend(sparseKeys.shape)
    .extend({
      num_hidden_layers: layers(62),
      intermediate_size: size(10944),
      moe_intermediate_size: size(1408),
      attention_bias: flag(false)
    }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none', queryKeyNorm: 'head' })
    return describeFineGrained(modelType, config, () => attention, { routerBias: true })
  }
)

/** DeepSeek-V3.2-Exp (inference/model.py of the checkpoint): V3 with an indexer in every layer. */
export const deepseekV32 = family(['deepseek_v32'], v3Keys.extend(indexerKeys), (config, modelType) => {
  const indexer = indexerOf(config)
  return describeLatent(config, modelType, isBalanced(config), () => indexer)
})
