/** Language models of speech and music: Moshi's main transformer and MusicGen's decoder. */
import { denseNetwork, groupedAttention, listed } from '../describe/parts'
import { family } from './family'
import { decoderKeys, size } from './keys'
import { attentionOf, block, decoder } from './parts'

/** Defossez et al. 2024 (arXiv 2410.00037), the Temporal Transformer: `ffn_dim` is the gate and the way up together. */
export const moshi = family(
  ['moshi'],
  decoderKeys({ vocabulary: 32000, width: 4096, layers: 32, heads: 32, headSize: null, context: 3000 }).extend({
    ffn_dim: size(22528)
  }),
  (config, modelType) => {
    const layer = block(attentionOf(config), denseNetwork({ width: Math.floor(config.ffn_dim / 2) }))
    return decoder(modelType, { ...config, tie_word_embeddings: false }, () => layer, {
      // One row more than the output projection has, for the token that begins.
      lookups: [listed('embedding', 'row of the first token', 1, 'width')]
    })
  }
)

/** Copet et al. 2023 (arXiv 2306.05284): a table and an output projection for each codebook. */
export const musicGen = family(
  ['musicgen_decoder', 'musicgen_melody_decoder'],
  decoderKeys({ vocabulary: 2048, width: 1024, layers: 24, heads: 16, context: 2048 }).extend({
    ffn_dim: size(4096),
    num_codebooks: size(4)
  }),
  (config, modelType) => {
    const heads = config.num_attention_heads
    const own = groupedAttention({ heads, keyValueHeads: heads, headSize: attentionOf(config).headSize })
    const crosses = modelType === 'musicgen_decoder'
    const layer = {
      ...block(own, denseNetwork({ width: config.ffn_dim, gated: false }), { norm: 'layer', norms: crosses ? 3 : 2 }),
      mixers: crosses ? [own, { ...own, source: 'encoder' as const }] : [own]
    }
    const rows = config.num_codebooks - 1
    return decoder(modelType, { ...config, tie_word_embeddings: false }, () => layer, {
      finalNorm: 'layer',
      lookups: [
        listed('embedding', 'tables of the other codebooks', rows * config.vocab_size + config.num_codebooks, 'width')
      ],
      extras: [listed('output', 'output projections of the other codebooks', rows * config.vocab_size, 'width')]
    })
  }
)
