/** Attention and Mamba-2, in turn or side by side. */

import { z } from 'zod'
import { denseNetwork } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, layerIndices, listOrNull, size, sizeOrNull } from './keys'
import { attentionOf, block, decoder } from './parts'
import { mamba2Keys, mamba2Of } from './state-space'

/** IBM's Bamba: Mamba-2 with attention in the layers that `attn_layer_indices` names. */
export const bamba = family(
  ['bamba'],
  decoderKeys({ vocabulary: 128_000, width: 4096, layers: 32, heads: 32, keyValueHeads: 8, context: 262_144 }).extend({
    ...mamba2Keys,
    intermediate_size: size(14336),
    attn_layer_indices: layerIndices,
    layers_block_type: listOrNull(z.string(), 'a list of words'),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' })
    const mamba = mamba2Of(config, config.mamba_expand * config.hidden_size)
    const network = denseNetwork({ width: config.intermediate_size, bias: config.mlp_bias })
    const attends = (layer: number) =>
      config.layers_block_type
        ? /attention/.test(config.layers_block_type[layer] ?? '') &&
          !/linear/.test(config.layers_block_type[layer] ?? '')
        : config.attn_layer_indices?.includes(layer)
    return decoder(modelType, config, (layer) => block(attends(layer) ? attention : mamba, network))
  }
)

/** Falcon-H1 (arXiv 2507.22448): attention and Mamba-2 side by side in every layer. */
export const falconH1 = family(
  ['falcon_h1'],
  decoderKeys({ vocabulary: 128_000, width: 4096, layers: 32, heads: 32, keyValueHeads: 8, context: 8192 }).extend({
    ...mamba2Keys,
    intermediate_size: size(14336),
    mamba_d_ssm: sizeOrNull(1024),
    mamba_rms_norm: flag(false),
    projectors_bias: flag(false),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none' })
    const inner = config.mamba_d_ssm ?? config.mamba_expand * config.hidden_size
    const mamba = mamba2Of(config, inner, { gatedNorm: config.mamba_rms_norm, outputBias: config.projectors_bias })
    const network = denseNetwork({ width: config.intermediate_size, bias: config.mlp_bias })
    return decoder(modelType, config, () => ({ ...block(attention, network), mixers: [mamba, attention] }))
  }
)
