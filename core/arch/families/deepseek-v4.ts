/** DeepSeek-V4: compressed attention, hyper-connections. */

import { z } from 'zod'
import type { Mixer } from '../describe/description'
import { listed, listedMixer } from '../describe/parts'
import { family } from './family'
import { describeFineGrained, sparseDefaults } from './fine-grained'
import { hyperConnection, hyperHead } from './hyper'
import { count, decoderKeys, flag, layers, listOrNull, size, sizeOrNull, wordsOrNull } from './keys'
import { indexerKeys } from './latent'
import { entryOf } from './parts'

/**
 * DeepSeek-V4 (report of April 2026; DeepseekV4Config and modeling_deepseek_v4.py of transformers): keys and values are
 * one vector, compressed in most layers (every 4 tokens with an indexer, or every 128) beside a window; the output goes
 * through groups; all layers have experts, the first route by token; residual streams side by side.
 */
export const deepseekV4 = family(
  ['deepseek_v4', 'deepseek_ref'],
  decoderKeys({
    vocabulary: 129_280,
    width: 4096,
    heads: 64,
    keyValueHeads: 1,
    headSize: 512,
    context: 1_048_576
  }).extend({
    ...sparseDefaults({ feedForward: 2048, expertWidth: 2048, experts: 256, topK: 6, shared: 1 }),
    ...indexerKeys,
    num_hidden_layers: layers(43),
    q_lora_rank: size(1024),
    o_groups: size(8),
    o_lora_rank: size(1024),
    hc_mult: size(4),
    num_hash_layers: count(3),
    compress_ratios: listOrNull(count(), 'a list of 0, 4 and 128'),
    compress_rates: z.record(z.string(), size()).nullish(),
    layer_types: wordsOrNull('sliding_attention', 'compressed_sparse_attention', 'heavily_compressed_attention'),
    sliding_window: sizeOrNull(128),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const { num_hidden_layers: length, num_attention_heads: heads, hc_mult: streams, q_lora_rank: rank } = config
    const headSize = config.head_dim ?? 512
    const { o_groups: groups, o_lora_rank: outputRank, index_n_heads: indexHeads, index_head_dim: indexSize } = config
    const types = config.layer_types
    const ratio = (layer: number): number => {
      const rates = {
        sliding_attention: 0,
        compressed_sparse_attention: 4,
        heavily_compressed_attention: 128,
        ...config.compress_rates
      }
      if (types) return rates[entryOf('layer_types', types, layer, length)]
      if (config.compress_ratios) return config.compress_ratios[layer] ?? 0
      return layer < 2 || layer % 2 === 1 ? 128 : 4
    }
    const hasIndexer = (layer: number): boolean =>
      types ? types[layer] === 'compressed_sparse_attention' : ratio(layer) === 4
    const mixer = (rate: number, chooses: boolean): Mixer => {
      const entry = chooses ? 2 * headSize : headSize
      const compressor =
        rate === 0
          ? []
          : [
              listed('attention', 'compressed keys', entry, 'width'),
              listed('attention', 'gates of compressed keys', entry, 'width'),
              listed('attention', 'positions of compressed keys', rate, entry),
              listed('norms', 'norm of compressed keys', headSize)
            ]
      const indexer = chooses
        ? [
            listed('indexer', 'indexer keys', 2 * indexSize, 'width'),
            listed('indexer', 'gates of the indexer keys', 2 * indexSize, 'width'),
            listed('indexer', 'positions of the indexer keys', rate, 2 * indexSize),
            listed('indexer', 'norm of the indexer keys', indexSize),
            listed('indexer', 'indexer queries', indexHeads * indexSize, rank),
            listed('indexer', 'indexer head weights', indexHeads, 'width')
          ]
        : []
      return listedMixer(
        'compressed attention',
        [
          listed('attention', 'queries into their latent', rank, 'width'),
          listed('norms', 'norm of the queries', rank),
          listed('attention', 'queries out of their latent', heads * headSize, rank),
          listed('attention', 'keys and values', headSize, 'width'),
          listed('norms', 'norm of keys and values', headSize),
          listed('attention', 'outputs of the groups', groups * outputRank, (heads * headSize) / groups),
          listed('attention', 'attention output', 'width', groups * outputRank),
          listed('attention', 'sinks', heads),
          ...compressor,
          ...indexer
        ],
        {
          cachedValues: rate === 0 ? headSize : (headSize + (chooses ? indexSize : 0)) / rate,
          window: rate === 0 ? config.sliding_window : null,
          pairMultiplyAdds: (2 * heads * headSize) / Math.max(1, rate)
        }
      )
    }
    const mixers = new Map<string, Mixer>()
    const mixerOf = (layer: number): Mixer => {
      const rate = layer < length ? ratio(layer) : 0
      const chooses = layer < length && hasIndexer(layer)
      const kind = `${rate} ${chooses}`
      const known = mixers.get(kind) ?? mixer(rate, chooses)
      mixers.set(kind, known)
      return known
    }
    const words = config.mlp_layer_types
    const hashes = (layer: number) => (words ? words[layer] === 'hash_moe' : layer < config.num_hash_layers)
    const { n_routed_experts: experts, num_experts_per_tok: topK } = config
    const shared = (config.n_shared_experts ?? 0) * config.moe_intermediate_size
    const besides = [
      ...(config.mlp_bias
        ? [listed('shared', 'shared expert biases', 2 * shared), listed('shared', 'shared expert bias', 'width')]
        : []),
      ...hyperConnection('attention', streams),
      ...hyperConnection('feed-forward', streams)
    ]
    // Token ids to experts, or a bias that balances the choice.
    const hashed = { extras: [listed('router', 'experts of the tokens', config.vocab_size, topK), ...besides] }
    const scored = { extras: [listed('router', 'router bias', experts ?? 0), ...besides] }
    return describeFineGrained(modelType, { ...config, mlp_layer_types: null }, mixerOf, {
      routerBias: false,
      moe: { sharedExperts: 1 },
      block: (_, layer) => (hashes(layer) ? hashed : scored),
      model: { extras: hyperHead(streams) }
    })
  }
)
