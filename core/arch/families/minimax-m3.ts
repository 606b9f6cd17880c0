/** MiniMax-M3: sparse attention by blocks, beside full attention. */

import { z } from 'zod'
import { listed } from '../describe/parts'
import { family } from './family'
import { describeFineGrained, sparseDefaults } from './fine-grained'
import { count, countOrNull, decoderKeys, layers, listOrNull, size, sizeOrNull, wordsOrNull } from './keys'
import { attentionOf, entryOf } from './parts'

const attentionWords = wordsOrNull('full_attention', 'minimax_m3_sparse')

/**
 * MiniMax-M3: grouped attention of which some layers choose blocks of keys by an indexer; the first layers are dense.
 * Published files have their schedules under `sparse_attention_config` and `moe_layer_freq`.
 */
export const miniMaxM3 = family(
  ['minimax_m3_vl_text', 'minimax_m3', 'minimax_m3_vl', 'minimax_m3_text'],
  decoderKeys({
    vocabulary: 200_064,
    width: 6144,
    heads: 64,
    keyValueHeads: 4,
    headSize: 128,
    context: 524_288
  }).extend({
    ...sparseDefaults({ feedForward: 3072, expertWidth: 3072, experts: 128, topK: 4 }),
    num_hidden_layers: layers(60),
    moe_intermediate_size: sizeOrNull(),
    dense_intermediate_size: size(12288),
    shared_intermediate_size: count(3072),
    index_n_heads: size(4),
    index_head_dim: size(128),
    sparse_attention_config: z
      .object({
        sparse_attention_freq: listOrNull(count(), 'a list of 0 and 1'),
        sparse_num_index_heads: sizeOrNull(),
        sparse_index_dim: sizeOrNull()
      })
      .nullish(),
    layer_types: attentionWords,
    num_mtp_modules: countOrNull()
  }),
  (config, modelType) => {
    const { sparse_attention_config: sparse, layer_types: types, num_hidden_layers: length } = config
    const heads = sparse?.sparse_num_index_heads ?? config.index_n_heads
    const headSize = sparse?.sparse_index_dim ?? config.index_head_dim
    const indexer = [
      listed('indexer', 'indexer queries', heads * headSize, 'width'),
      listed('indexer', 'indexer keys', headSize, 'width'),
      listed('indexer', 'indexer norms', 2 * headSize)
    ]
    const chooses = (layer: number): boolean => {
      if (layer >= length) return false
      if (types) return entryOf('layer_types', types, layer, length) === 'minimax_m3_sparse'
      const list = sparse?.sparse_attention_freq
      return list ? entryOf('sparse_attention_config.sparse_attention_freq', list, layer, length) > 0 : false
    }
    const keys = {
      ...config,
      moe_intermediate_size: config.moe_intermediate_size ?? config.intermediate_size,
      intermediate_size: config.dense_intermediate_size,
      n_shared_experts: config.shared_intermediate_size > 0 ? 1 : 0
    }
    const attention = attentionOf(config, { queryKeyNorm: 'head' })
    const modules = config.num_mtp_modules ?? 0
    return describeFineGrained(modelType, keys, () => attention, {
      routerBias: true,
      moe: { sharedExpertWidth: config.shared_intermediate_size },
      block: (_, layer) => (chooses(layer) ? { extras: indexer } : {}),
      model: { leftOut: modules > 0 ? [`num_mtp_modules (${modules} in the file, which are not known)`] : [] }
    })
  }
)
