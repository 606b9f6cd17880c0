/** State spaces alone: Mamba and Mamba-2; defaults and structure of the classes of transformers. */

import { z } from 'zod'
import type { Mamba1 } from '../describe/description'
import { family } from './family'
import { flag, layers, size, sizeOrNull } from './keys'
import { decoder } from './parts'
import { rank } from './state-space'

/** Keys of models that are a state space alone. */
const stateKeys = (defaults: { width: number; layers: number; vocabulary: number; state: number; tied: boolean }) =>
  z.object({
    vocab_size: size(defaults.vocabulary),
    hidden_size: size(defaults.width),
    num_hidden_layers: layers(defaults.layers),
    max_position_embeddings: sizeOrNull(),
    tie_word_embeddings: flag(defaults.tied),
    state_size: size(defaults.state),
    expand: size(2),
    conv_kernel: size(4),
    use_bias: flag(false),
    use_conv_bias: flag(true)
  })

/** Gu and Dao 2023 (arXiv 2312.00752), and Falcon Mamba (arXiv 2410.05355), whose inner norms have no weights. */
export const mamba = family(
  ['mamba', 'falcon_mamba'],
  stateKeys({ width: 768, layers: 32, vocabulary: 50280, state: 16, tied: true }).extend({
    intermediate_size: sizeOrNull(),
    time_step_rank: rank
  }),
  (config, modelType) => {
    const mixer: Mamba1 = {
      kind: 'mamba1',
      innerWidth: config.intermediate_size ?? config.expand * config.hidden_size,
      stateSize: config.state_size,
      timeStepRank: config.time_step_rank === 'auto' ? Math.ceil(config.hidden_size / 16) : config.time_step_rank,
      kernel: config.conv_kernel,
      kernelBias: config.use_conv_bias,
      projectionBias: config.use_bias,
      innerNorms: false
    }
    return decoder(modelType, config, () => ({ mixers: [mixer], feedForwards: [], norm: 'rms', norms: 1 }))
  }
)

/** Dao and Gu 2024 (arXiv 2405.21060), also Codestral Mamba. */
export const mamba2 = family(
  ['mamba2'],
  stateKeys({ width: 4096, layers: 64, vocabulary: 32768, state: 128, tied: false }).extend({
    num_heads: size(128),
    head_dim: size(64),
    n_groups: size(8)
  }),
  (config, modelType) => {
    const mixer = {
      kind: 'mamba2',
      heads: config.num_heads,
      headSize: config.head_dim,
      groups: config.n_groups,
      stateSize: config.state_size,
      kernel: config.conv_kernel,
      kernelBias: config.use_conv_bias,
      projectionBias: config.use_bias
    } as const
    return decoder(modelType, config, () => ({ mixers: [mixer], feedForwards: [], norm: 'rms', norms: 1 }))
  }
)
