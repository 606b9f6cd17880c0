/** XLM and XLNet. */
import { check } from '../describe/config-error'
import { denseNetwork, groupedAttention, listed, listedMixer } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, layers, size } from './keys'
import { block, decoder } from './parts'

/** Lample and Conneau 2019 (arXiv 1901.07291): norms after the parts, a vector for each language. */
export const xlm = family(
  ['xlm'],
  decoderKeys({ vocabulary: 30145, context: 512, tied: true })
    .pick({ vocab_size: true, max_position_embeddings: true, tie_word_embeddings: true })
    .extend({
      emb_dim: size(2048),
      n_layers: layers(12),
      n_heads: size(16),
      n_langs: size(1),
      use_lang_emb: flag(true),
      asm: flag(false)
    }),
  (config, modelType) => {
    const { emb_dim: width, n_heads: heads, max_position_embeddings: context } = config
    const headSize = width / heads
    check(Number.isInteger(headSize), 'n_heads', `expected a divisor of emb_dim ${width}`, heads)
    check(!config.asm, 'asm', 'expected false: an adaptive softmax is not read', config.asm)
    const attention = groupedAttention({ heads, keyValueHeads: heads, headSize, bias: 'all' })
    const layer = block(attention, denseNetwork({ width: 4 * width, gated: false, bias: true }), { norm: 'layer' })
    return decoder(modelType, { ...config, hidden_size: width, num_hidden_layers: config.n_layers }, () => layer, {
      finalNorm: 'none',
      embeddingNorm: 'layer',
      learnedPositions: context ?? 0,
      outputBias: true,
      extras:
        config.n_langs > 1 && config.use_lang_emb
          ? [listed('positionEmbedding', 'languages', config.n_langs, 'width')]
          : []
    })
  }
)

/** Yang et al. 2019 (arXiv 1906.08237): the relative positions and segments of Transformer-XL in each layer. */
export const xlNet = family(
  ['xlnet'],
  decoderKeys({ vocabulary: 32000, tied: true })
    .pick({ vocab_size: true, tie_word_embeddings: true })
    .extend({ d_model: size(1024), n_layer: layers(24), n_head: size(16), d_inner: size(4096) }),
  (config, modelType) => {
    const { d_model: width, n_head: heads } = config
    const headSize = width / heads
    check(Number.isInteger(headSize), 'n_head', `expected a divisor of d_model ${width}`, heads)
    const mixer = listedMixer(
      'attention with relative positions',
      [
        listed('attention', 'queries, keys, values, output and positions', 5 * width, 'width'),
        listed('attention', 'biases of content, positions and segments', 3, 'width'),
        listed('attention', 'segments', 2, 'width')
      ],
      { cachedValues: 2 * width, pairMultiplyAdds: 3 * width }
    )
    const layer = block(mixer, denseNetwork({ width: config.d_inner, gated: false, bias: true }), { norm: 'layer' })
    const shape = { hidden_size: width, num_hidden_layers: config.n_layer, max_position_embeddings: null }
    return decoder(modelType, { ...config, ...shape }, () => layer, {
      finalNorm: 'none',
      outputBias: true,
      extras: [listed('embedding', 'vector of masked tokens', 'width')]
    })
  }
)
