/** Kimi Linear: Kimi Delta Attention and latent attention. */

import { z } from 'zod'
import { listed } from '../describe/parts'
import { kimiDelta } from './delta'
import { family } from './family'
import { describeFineGrained, sparseDefaults } from './fine-grained'
import { countOrNull, flag, layerIndices, layers, size, sizeOrNull, wordsOrNull } from './keys'
import { latentAttention, latentKeys } from './latent'
import { entryOf } from './parts'

/**
 * Kimi Linear (arXiv 2510.26692) and Kimi K3: three layers of Kimi Delta Attention to one of latent attention. K3 has
 * gates of full rank and experts in a latent; its attention over earlier blocks has weights that no class names.
 */
export const kimiLinear = family(
  ['kimi_linear'],
  latentKeys.extend({
    ...sparseDefaults({ feedForward: 9216, expertWidth: 1024, experts: 256, topK: 8, shared: 1, firstDense: 1 }),
    vocab_size: size(163_840),
    hidden_size: size(2304),
    num_hidden_layers: layers(27),
    num_attention_heads: size(32),
    q_lora_rank: sizeOrNull(),
    linear_head_dim: size(128),
    linear_num_heads: size(32),
    linear_conv_kernel_dim: size(4),
    linear_attn_config: z
      .object({
        head_dim: size(128),
        num_heads: size(32),
        short_conv_kernel_size: size(4),
        kda_layers: layerIndices,
        full_attn_layers: layerIndices,
        use_full_rank_gate: flag(false)
      })
      .nullish(),
    layer_types: wordsOrNull('linear_attention', 'full_attention'),
    mla_use_output_gate: flag(false),
    routed_expert_hidden_size: sizeOrNull(),
    latent_moe_use_norm: flag(false),
    attn_res_block_size: countOrNull()
  }),
  (config, modelType) => {
    const { linear_attn_config: linear, layer_types: types, num_hidden_layers: length } = config
    const heads = linear?.num_heads ?? config.linear_num_heads
    const headSize = linear?.head_dim ?? config.linear_head_dim
    const kernel = linear?.short_conv_kernel_size ?? config.linear_conv_kernel_dim
    const delta = kimiDelta({ heads, headSize, kernel, ...(linear?.use_full_rank_gate ? { gateRank: null } : {}) })
    const latent = latentAttention(config)
    const gate = listed('attention', 'output gate', config.num_attention_heads * config.v_head_dim, 'width')
    const isFull = (layer: number): boolean => {
      if (layer >= length) return true
      if (types) return entryOf('layer_types', types, layer, length) === 'full_attention'
      // Counted from 1 in published files.
      if (linear?.full_attn_layers) return linear.full_attn_layers.includes(layer + 1)
      return layer > 0 && layer % 4 === 0
    }
    const latentWidth = config.routed_expert_hidden_size
    const norm =
      config.latent_moe_use_norm && latentWidth !== null ? [listed('norms', 'norm of the latent', latentWidth)] : []
    const residual = config.attn_res_block_size ?? 0
    return describeFineGrained(modelType, config, (layer) => (isFull(layer) ? latent : delta), {
      routerBias: true,
      predictionSteps: config.num_nextn_predict_layers,
      moe: { latentWidth },
      block: (sparse, layer) => ({
        extras: [...(sparse ? norm : []), ...(isFull(layer) && config.mla_use_output_gate ? [gate] : [])]
      }),
      model: {
        // The class has a projection of its own, whatever the flag says.
        tiedEmbeddings: false,
        leftOut: residual > 0 ? ['attn_res_block_size (the small weights of attention over earlier blocks)'] : []
      }
    })
  }
)
