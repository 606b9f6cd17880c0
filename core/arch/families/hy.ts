/** Tencent's Hy3 and Hy4. */
import { listed } from '../describe/parts'
import { family } from './family'
import { describeFineGrained, sparseDefaults } from './fine-grained'
import { hyperConnection, hyperHead } from './hyper'
import { decoderKeys, flag, layers, size, wordsOrNull } from './keys'
import { describeLatent, indexerKeys, indexerOf, latentKeys } from './latent'
import { attentionOf, entryOf } from './parts'

/** Tencent's Hy3. */
export const hy3 = family(
  ['hy_v3'],
  decoderKeys({
    vocabulary: 120_832,
    width: 4096,
    heads: 64,
    keyValueHeads: 8,
    headSize: 128,
    context: 131_072
  }).extend({
    ...sparseDefaults({ feedForward: 13312, expertWidth: 1536, experts: 192, topK: 8, shared: 1, firstDense: 1 }),
    num_hidden_layers: layers(80),
    attention_bias: flag(false),
    mlp_bias: flag(false)
  }),
  (config, modelType) => {
    const attention = attentionOf(config, { bias: config.attention_bias ? 'all' : 'none', queryKeyNorm: 'head' })
    const shared = (config.n_shared_experts ?? 0) * config.moe_intermediate_size
    return describeFineGrained(modelType, config, () => attention, {
      routerBias: true,
      dense: { bias: config.mlp_bias },
      block: (sparse) =>
        sparse && config.mlp_bias
          ? {
              extras: [
                listed('shared', 'shared expert biases', 2 * shared),
                listed('shared', 'shared expert bias', 'width')
              ]
            }
          : {}
    })
  }
)

/** Tencent's Hy4: latent attention with gates, sinks and shared indexers, residual streams side by side. */
export const hy4 = family(
  ['hy_v4'],
  latentKeys.extend({
    ...sparseDefaults({ feedForward: 6912, expertWidth: 768, experts: 256, topK: 8, shared: 1, firstDense: 1 }),
    ...indexerKeys,
    vocab_size: size(120_832),
    hidden_size: size(2816),
    num_hidden_layers: layers(34),
    num_attention_heads: size(32),
    q_lora_rank: size(1536),
    qk_nope_head_dim: size(192),
    v_head_dim: size(256),
    index_n_heads: size(16),
    indexer_types: wordsOrNull('full', 'shared'),
    hc_mult: size(4)
  }),
  (config, modelType) => {
    const { indexer_types: types, num_hidden_layers: length, hc_mult: streams, num_attention_heads: heads } = config
    const shares = (layer: number) =>
      types !== null && layer < length && entryOf('indexer_types', types, layer, length) === 'shared'
    return describeLatent(
      config,
      modelType,
      true,
      (layer) => indexerOf(config, shares(layer) ? 'earlierLayer' : 'own'),
      {
        block: () => ({
          extras: [
            listed('attention', 'sinks', heads),
            listed('attention', 'output gate', heads * config.v_head_dim, 'width'),
            ...hyperConnection('attention', streams, 2 * streams, 2),
            ...hyperConnection('feed-forward', streams, 2 * streams, 2)
          ]
        }),
        model: { extras: hyperHead(streams) }
      }
    )
  }
)
