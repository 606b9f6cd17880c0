/** Decoders of the years after GPT-2: plain feed-forwards with biases, LayerNorms, positions in every manner. */
import { listed } from '../describe/parts'
import { flag, size, sizeOrNull } from './keys'
import { heads, plain, tied } from './plain'

/** GPT-J and CodeGen: attention without biases beside the feed-forward, an output projection with one. */
export const gptJ = plain(['gptj', 'codegen'], heads(4096, 28, 16, 50400, 2048), {
  network: () => ({ gated: false, bias: true }),
  block: () => ({ norm: 'layer', norms: 1 }),
  model: () => ({ finalNorm: 'layer', outputBias: true })
})

/** Black et al. 2021: GPT-3's form, every second layer in a window. */
export const gptNeo = plain(
  ['gpt_neo'],
  { ...heads(2048, 24, 16, 50257, 2048), ...tied },
  {
    network: () => ({ gated: false, bias: true }),
    block: () => ({ norm: 'layer', extras: [listed('attention', 'attention output bias', 'width')] }),
    model: (config) => ({ finalNorm: 'layer', learnedPositions: config.max_position_embeddings ?? 0 })
  }
)

/** GPT-NeoX of ABEJA: no biases but one on the last attention output. */
export const gptNeoXJapanese = plain(
  ['gpt_neox_japanese'],
  { ...heads(2560, 32, 32, 32000, 2048), ...tied },
  {
    network: (config) => ({ gated: false, width: Math.floor(config.hidden_size * config.intermediate_multiple_size) }),
    block: () => ({ norm: 'layer' }),
    model: () => ({
      finalNorm: 'layer',
      extras: [listed('attention', 'attention output bias of the last layer', 'width')]
    })
  },
  { intermediate_multiple_size: size(4) }
)

/** Li et al. 2023 (arXiv 2301.03988, 2305.06161): GPT-2 with one head of keys and values. */
export const gptBigCode = plain(
  ['gpt_bigcode'],
  { ...heads(768, 12, 12, 50257, 1024), ...tied },
  {
    attention: (config) => ({ bias: 'all', keyValueHeads: config.multi_query ? 1 : config.num_attention_heads }),
    network: () => ({ gated: false, bias: true }),
    block: () => ({ norm: 'layer' }),
    model: (config) => ({ finalNorm: 'layer', learnedPositions: config.max_position_embeddings ?? 0 })
  },
  { multi_query: flag(true) }
)

/** Radford et al. 2018: norms after the parts, and none at the end. */
export const gpt1 = plain(
  ['openai-gpt'],
  { ...heads(768, 12, 12, 40478, 512), ...tied },
  {
    attention: () => ({ bias: 'all' }),
    network: () => ({ gated: false, bias: true }),
    block: () => ({ norm: 'layer' }),
    model: (config) => ({ finalNorm: 'none', learnedPositions: config.max_position_embeddings ?? 0 })
  }
)

/** Keskar et al. 2019 (arXiv 1909.05858). */
export const ctrl = plain(
  ['ctrl'],
  { ...heads(1280, 48, 16, 246_534, 256), feedForward: 8192, ...tied },
  {
    attention: () => ({ bias: 'all' }),
    network: () => ({ gated: false, bias: true }),
    block: () => ({ norm: 'layer' }),
    model: () => ({ finalNorm: 'layer', outputBias: true })
  }
)

/** BLOOM (arXiv 2211.05100): biases everywhere, a norm after the embedding, positions without weights (ALiBi). */
export const bloom = plain(
  ['bloom'],
  { ...heads(64, 2, 8, 250_880, null), ...tied },
  {
    attention: () => ({ bias: 'all' }),
    network: () => ({ gated: false, bias: true }),
    block: () => ({ norm: 'layer' }),
    model: () => ({ finalNorm: 'layer', embeddingNorm: 'layer' })
  }
)

/** Lin et al. 2021 (arXiv 2112.10668): positions without weights. */
export const xglm = plain(
  ['xglm'],
  { ...heads(1024, 24, 16, 256_008, 2048), feedForward: 4096, ...tied },
  {
    attention: () => ({ bias: 'all' }),
    network: () => ({ gated: false, bias: true }),
    block: () => ({ norm: 'layer' }),
    model: () => ({ finalNorm: 'layer' })
  }
)

/** Luo et al. 2022 (arXiv 2210.10341): OPT's two further positions. */
export const bioGpt = plain(
  ['biogpt'],
  { ...heads(1024, 24, 16, 42384, 1024), feedForward: 4096, ...tied },
  {
    attention: () => ({ bias: 'all' }),
    network: () => ({ gated: false, bias: true }),
    block: () => ({ norm: 'layer' }),
    model: (config) => ({ finalNorm: 'layer', learnedPositions: (config.max_position_embeddings ?? 0) + 2 })
  }
)

/**
 * Zhang et al. 2022 (arXiv 2205.01068): two positions more than the context; OPT-350M has narrower embeddings, with
 * projections, and norms after its parts.
 */
export const opt = plain(
  ['opt'],
  { ...heads(768, 12, 12, 50272, 2048), feedForward: 3072, ...tied },
  {
    attention: (config) => ({ bias: config.enable_bias ? 'all' : 'none' }),
    network: (config) => ({ gated: false, bias: config.enable_bias }),
    block: (config) => ({ norm: config.layer_norm_elementwise_affine ? 'layer' : 'none' }),
    model: (config) => {
      const inner = config.word_embed_proj_dim ?? config.hidden_size
      const affine = config.layer_norm_elementwise_affine && config.do_layer_norm_before
      return {
        finalNorm: affine ? 'layer' : 'none',
        learnedPositions: (config.max_position_embeddings ?? 0) + 2,
        ...(inner === config.hidden_size
          ? {}
          : { embeddingWidth: inner, extras: [listed('other', 'projections of the embedding', 2 * inner, 'width')] })
      }
    }
  },
  {
    enable_bias: flag(true),
    do_layer_norm_before: flag(true),
    layer_norm_elementwise_affine: flag(true),
    word_embed_proj_dim: sizeOrNull()
  }
)

/** MosaicML's MPT: no biases, LayerNorms without them, positions without weights (ALiBi) or learned. */
export const mpt = plain(
  ['mpt'],
  { ...heads(2048, 24, 16, 50368, 2048), ...tied },
  {
    network: (config) => ({ gated: false, width: config.expansion_ratio * config.hidden_size }),
    block: () => ({ norm: 'layerWithoutBias' }),
    model: () => ({ finalNorm: 'layerWithoutBias' })
  },
  { expansion_ratio: size(4) }
)

/** CPM-Ant: segments, prompts and distances that are learned; gated feed-forwards. */
export const cpmAnt = plain(
  ['cpmant'],
  { ...heads(4096, 48, 32, 30720, null), headSize: 128, feedForward: 10240, ...tied },
  {
    model: (config) => ({
      lookups: [
        listed('embedding', 'prompts', config.prompt_types * config.prompt_length, 'width'),
        listed('embedding', 'segments', config.segment_types, 'width')
      ],
      extras: [
        listed(
          'positionEmbedding',
          'distance biases',
          config.segment_types ** 2 + config.position_bias_num_buckets,
          config.num_attention_heads
        )
      ],
      // The table also has the prompts, so that the projection is one of its own.
      tiedEmbeddings: false
    })
  },
  { prompt_types: size(32), prompt_length: size(32), segment_types: size(32), position_bias_num_buckets: size(512) }
)
