/**
 * Models that were described but not published: no config.json of them exists, and the keys are those of their papers'
 * tables of hyperparameters.
 */
import { z } from 'zod'
import { denseNetwork, groupedAttention } from '../describe/parts'
import { family } from './family'
import { flag, layers, size, sizeOrNull } from './keys'
import { block, decoder } from './parts'

const paperKeys = z.object({
  vocab_size: size(),
  d_model: size(),
  num_layers: layers(),
  num_heads: size(),
  d_ff: size(),
  context: sizeOrNull(2048),
  tie_word_embeddings: flag(true)
})

const usual = (config: z.infer<typeof paperKeys>) => ({
  vocab_size: config.vocab_size,
  hidden_size: config.d_model,
  num_hidden_layers: config.num_layers,
  max_position_embeddings: config.context,
  tie_word_embeddings: config.tie_word_embeddings
})

/**
 * Gopher (Rae et al. 2021, arXiv 2112.11446, table 1) and Chinchilla (Hoffmann et al. 2022, arXiv 2203.15556, table 4):
 * GPT-2 with RMSNorm and without biases, and in each layer Transformer-XL's projection of relative positions.
 */
export const gopher = family(['gopher', 'chinchilla'], paperKeys.extend({ kv_size: size() }), (config, modelType) => {
  const { num_heads: heads, kv_size: headSize } = config
  const attention = groupedAttention({ heads, keyValueHeads: heads, headSize, relativePositions: true })
  const feedForward = denseNetwork({ width: config.d_ff, gated: false })
  return decoder(modelType, usual(config), () => block(attention, feedForward))
})

/**
 * PaLM (Chowdhery et al. 2022, arXiv 2204.02311, section 2 and table 1): one head of keys and values, SwiGLU beside the
 * attention, no biases, one LayerNorm without bias in a layer.
 */
export const palm = family(['palm'], paperKeys.extend({ head_dim: size() }), (config, modelType) => {
  const attention = groupedAttention({ heads: config.num_heads, keyValueHeads: 1, headSize: config.head_dim })
  const feedForward = denseNetwork({ width: config.d_ff })
  return decoder(
    modelType,
    usual(config),
    () => block(attention, feedForward, { norm: 'layerWithoutBias', norms: 1 }),
    { finalNorm: 'layerWithoutBias' }
  )
})
