/** GLM-5 Next: Kimi Delta Attention in three of four layers, latent attention with an indexer in the others. */
import { z } from 'zod'
import { expected } from '../describe/config-keys'
import { listed } from '../describe/parts'
import { kimiDelta } from './delta'
import { family } from './family'
import { describeFineGrained, sparseDefaults } from './fine-grained'
import { hyperConnection } from './hyper'
import { count, countOrNull, layers, listOrNull, size, wordsOrNull } from './keys'
import { indexerKeys, indexerOf, latentAttention, latentKeys } from './latent'
import { entryOf } from './parts'

/**
 * Glm5NextTextConfig and modeling_glm5_next.py of transformers. The indexer scores groups of `index_kpool` tokens, each by
 * one key; several residual streams lie side by side, and their mean goes to the head.
 */
export const glm5Next = family(
  ['glm5_next_text', 'glm5_next'],
  latentKeys.extend({
    ...sparseDefaults({ feedForward: 12288, expertWidth: 2048, experts: 288, topK: 8, shared: 1, firstDense: 3 }),
    ...indexerKeys,
    vocab_size: size(154_880),
    hidden_size: size(4096),
    num_hidden_layers: layers(45),
    num_attention_heads: size(64),
    q_lora_rank: size(1536),
    qk_nope_head_dim: size(256),
    qk_rope_head_dim: count(0),
    v_head_dim: size(256),
    // The width of the rotary part, which it has not.
    head_dim: countOrNull(),
    index_n_heads: size(32),
    index_kpool: size(16),
    index_topk_pattern: z
      .union(
        [z.string(), listOrNull(z.enum(['full', 'shared']), 'a list of full and shared')],
        expected('a word or a list')
      )
      .default(null),
    index_topk_freq: size(1),
    index_skip_topk_offset: count(2),
    indexer_types: wordsOrNull('full', 'shared'),
    layer_types: wordsOrNull('linear_attention', 'indexed_attention', 'full_attention'),
    linear_head_dim: size(128),
    linear_num_heads: size(64),
    linear_conv_kernel_dim: size(4),
    linear_attn_config: z
      .object({ head_dim: size().optional(), num_heads: size().optional(), short_conv_kernel_size: size().optional() })
      .nullish(),
    hc_mult: size(4)
  }),
  (config, modelType) => {
    const { num_hidden_layers: length, hc_mult: streams, linear_attn_config: linear } = config
    const delta = kimiDelta({
      heads: linear?.num_heads ?? config.linear_num_heads,
      headSize: linear?.head_dim ?? config.linear_head_dim,
      kernel: linear?.short_conv_kernel_size ?? config.linear_conv_kernel_dim
    })
    const own = latentAttention(config, indexerOf(config))
    const sharing = latentAttention(config, indexerOf(config, 'earlierLayer'))
    const isLinear = (layer: number) =>
      config.layer_types
        ? entryOf('layer_types', config.layer_types, layer, length) === 'linear_attention'
        : layer % 4 !== 3
    const hasIndexer = (layer: number): boolean => {
      const { indexer_types: types, index_topk_pattern: pattern } = config
      if (types) return entryOf('indexer_types', types, layer, length) === 'full'
      if (pattern) return ['F', 'full'].includes(pattern[layer] ?? '')
      return Math.max(layer - config.index_skip_topk_offset + 1, 0) % config.index_topk_freq === 0
    }
    const mixing = [...hyperConnection('attention', streams), ...hyperConnection('feed-forward', streams)]
    const pooled = [
      listed('indexer', 'positions in a group of the indexer', config.index_kpool, config.index_head_dim),
      listed('indexer', 'gates of a group of the indexer', config.index_head_dim, 'width')
    ]
    const mixerOf = (layer: number) => (isLinear(layer) ? delta : hasIndexer(layer) ? own : sharing)
    return describeFineGrained(modelType, config, mixerOf, {
      routerBias: true,
      block: (_, layer) => ({ extras: mixerOf(layer) === own ? [...pooled, ...mixing] : mixing })
    })
  }
)
