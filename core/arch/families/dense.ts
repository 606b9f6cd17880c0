/** Dense decoders of transformers that differ from Llama in few things; defaults are those of their classes. */
import { listed } from '../describe/parts'
import { flag, size } from './keys'
import { attentionOf } from './parts'
import { heads, plain, tied } from './plain'

const notGated = () => ({ gated: false })
const headNorms = () => ({ queryKeyNorm: 'head' }) as const
const layerNorm = { block: () => ({ norm: 'layer' as const }), model: () => ({ finalNorm: 'layer' as const }) }

/** Llama's own parts: Emu3's and Helium's language models, Code World Model, Fuyu's siblings. */
export const emu3 = plain(['emu3_text_model', 'emu3'], {
  ...heads(4096, 32, 32, 184_622, 9216),
  keyValueHeads: 8,
  feedForward: 14336
})
export const helium = plain(
  ['helium'],
  { ...heads(2560, 24, 20, 48000, 4096), keyValueHeads: 20, headSize: 128, feedForward: 7040 },
  { attention: (config) => ({ bias: config.attention_bias ? 'queryKeyValue' : 'none' }) }
)
export const cwm = plain(['cwm'], {
  ...heads(6144, 64, 48, 128_256, 131_072),
  keyValueHeads: 8,
  headSize: 128,
  feedForward: 21504
})

/** Arcee AFM 4.5B: squared ReLU. */
export const arcee = plain(
  ['arcee'],
  { ...heads(2560, 32, 32, 32000, 4096), feedForward: 18432 },
  { network: notGated }
)

/** Hernandez-Cano et al. 2025 (arXiv 2509.14233): xIELU, which learns four numbers a layer. */
export const apertus = plain(
  ['apertus'],
  { ...heads(4096, 32, 32, 131_072, 65536), feedForward: 14336 },
  {
    attention: headNorms,
    network: notGated,
    block: () => ({ extras: [listed('dense', 'numbers of xIELU', 4)] })
  }
)

/** Ma et al. 2024 (arXiv 2402.17764): norms before the output of attention and feed-forward. */
export const bitnet = plain(
  ['bitnet'],
  { ...heads(2560, 30, 20, 128_256, 2048), keyValueHeads: 5, feedForward: 6912 },
  {
    block: (config) => ({
      extras: [listed('norms', 'inner norms', 'width'), listed('norms', 'inner norm', config.intermediate_size ?? 0)]
    })
  }
)

/** Command R: attention and feed-forward side by side, LayerNorms without bias, norms of each head of its own. */
export const cohere = plain(
  ['cohere'],
  { ...heads(8192, 40, 64, 256_000, 8192), feedForward: 22528, ...tied },
  {
    block: (config) => ({
      norm: 'layerWithoutBias',
      norms: 1,
      extras: config.use_qk_norm ? [listed('norms', 'norms of queries and keys', queryKeys(config))] : []
    }),
    model: () => ({ finalNorm: 'layerWithoutBias' })
  },
  { use_qk_norm: flag(false) }
)

/** Numbers of all queries and keys of a token. */
function queryKeys(config: {
  hidden_size: number
  num_attention_heads: number
  num_key_value_heads: number | null
  head_dim: number | null
}): number {
  const { heads, keyValueHeads, headSize } = attentionOf(config)
  return (heads + keyValueHeads) * headSize
}

/** Command R7B and Command A: three windowed layers to one full; the text model of Cohere's North is built alike. */
export const cohere2 = plain(
  ['cohere2', 'cohere_compass_text', 'cohere_compass'],
  { ...heads(8192, 40, 64, 256_000, 8192), feedForward: 22528, ...tied },
  { block: () => ({ norm: 'layerWithoutBias', norms: 1 }), model: () => ({ finalNorm: 'layerWithoutBias' }) }
)

/** EXAONE 4 (arXiv 2507.11407). */
export const exaone4 = plain(
  ['exaone4'],
  { ...heads(4096, 32, 32, 102_400, 2048), feedForward: 16384 },
  { attention: headNorms }
)

/** Ye et al. 2024 (arXiv 2410.05258): four vectors of a head's size in each layer. */
export const diffLlama = plain(
  ['diffllama'],
  { ...heads(2048, 16, 32, 32000, 2048), feedForward: 8192 },
  {
    block: (config) => ({
      extras: [listed('attention', 'lambdas', 4, config.head_dim ?? config.hidden_size / config.num_attention_heads)]
    })
  }
)

/** GLM-4 of 2024, and of 2025 with norms after each part; biases of queries, keys and values. */
export const glm = plain(
  ['glm'],
  {
    ...heads(4096, 40, 32, 151_552, 131_072),
    keyValueHeads: 2,
    headSize: 128,
    feedForward: 13696,
    attentionBias: true
  },
  { attention: (config) => ({ bias: config.attention_bias ? 'queryKeyValue' : 'none' }) }
)
export const glm4 = plain(
  ['glm4', 'glm4v_text', 'glm4v', 'glm_ocr_text', 'glm_ocr', 'glm46v'],
  {
    ...heads(4096, 40, 32, 151_552, 131_072),
    keyValueHeads: 2,
    headSize: 128,
    feedForward: 13696,
    attentionBias: true
  },
  {
    attention: (config) => ({ bias: config.attention_bias ? 'queryKeyValue' : 'none' }),
    block: () => ({ norms: 4 })
  }
)

/** ByteDance Seed-OSS. */
export const seedOss = plain(
  ['seed_oss'],
  {
    ...heads(4096, 64, 80, 155_136, 524_288),
    keyValueHeads: 8,
    headSize: 128,
    feedForward: 27648,
    attentionBias: true
  },
  {
    attention: (config) => ({ bias: config.attention_bias ? 'queryKeyValue' : 'none' }),
    block: (config) => ({
      extras: config.attention_out_bias ? [listed('attention', 'attention output bias', 'width')] : []
    })
  },
  { attention_out_bias: flag(false) }
)

/** HyperCLOVA X: norms after each part with `use_post_norm`. */
export const hyperClovaX = plain(
  ['hyperclovax'],
  { ...heads(4096, 32, 32, 32000, 2048), feedForward: 11008 },
  { block: (config) => ({ norms: config.use_post_norm ? 4 : 2 }) },
  { use_post_norm: flag(true) }
)

/** Granite with windows and sinks. */
export const graniteSwa = plain(
  ['granite_swa'],
  { ...heads(2560, 24, 20, 100_352, 8192), keyValueHeads: 4, feedForward: 8192, ...tied },
  { attention: () => ({ sinks: true }) }
)

/** Jais 2: squared ReLU, LayerNorms, biases everywhere. */
export const jais2 = plain(
  ['jais2'],
  { ...heads(3328, 32, 26, 150_272, 8192), headSize: 128, feedForward: 26624, attentionBias: true, networkBias: true },
  { network: notGated, ...layerNorm }
)

/** Karpathy's nanochat: norms without weights, squared ReLU. */
export const nanochat = plain(
  ['nanochat'],
  { ...heads(768, 12, 6, 50304, 2048), feedForward: 8192 },
  { network: notGated, block: () => ({ norm: 'none' }), model: () => ({ finalNorm: 'none' }) }
)

/** Parmar et al. 2024 (arXiv 2402.16819), also Minitron: squared ReLU, LayerNorms. */
export const nemotron = plain(
  ['nemotron'],
  { ...heads(6144, 32, 48, 256_000, 4096), feedForward: 24576 },
  { network: notGated, ...layerNorm }
)

/** Adept's Persimmon and the language model of Fuyu. */
export const persimmon = plain(
  ['persimmon', 'fuyu'],
  { ...heads(4096, 36, 64, 262_144, 16384), feedForward: 16384 },
  {
    attention: (config) => ({ bias: 'all', queryKeyNorm: config.qk_layernorm ? 'headWithBias' : 'none' }),
    network: () => ({ gated: false, bias: true }),
    ...layerNorm
  },
  { qk_layernorm: flag(true) }
)

/** StableLM 2 (arXiv 2402.17834): LayerNorms; with `qk_layernorm` norms of each head of its own. */
export const stableLm = plain(
  ['stablelm'],
  { ...heads(2560, 32, 32, 50304, 4096), feedForward: 6912 },
  {
    attention: (config) => ({ bias: config.use_qkv_bias ? 'queryKeyValue' : 'none' }),
    block: (config) => ({
      norm: 'layer',
      norms: config.use_parallel_residual ? 1 : 2,
      extras: config.qk_layernorm ? [listed('norms', 'norms of queries and keys', queryKeys(config))] : []
    }),
    model: () => ({ finalNorm: 'layer' })
  },
  { use_qkv_bias: flag(false), qk_layernorm: flag(false), use_parallel_residual: flag(false) }
)

/** Lozhkov et al. 2024 (arXiv 2402.19173). */
export const starcoder2 = plain(
  ['starcoder2'],
  { ...heads(3072, 30, 24, 49152, 4096), keyValueHeads: 2, feedForward: 12288, ...tied },
  {
    attention: (config) => ({ bias: config.use_bias ? 'all' : 'none' }),
    network: (config) => ({ gated: false, bias: config.use_bias }),
    ...layerNorm
  },
  { use_bias: flag(true) }
)

/** VaultGemma (arXiv 2510.15001): Gemma 2 without the norms after its parts. */
export const vaultGemma = plain(['vaultgemma'], {
  ...heads(2304, 26, 8, 256_000, 8192),
  keyValueHeads: 4,
  headSize: 256,
  feedForward: 9216,
  ...tied
})

/** Phi-4 multimodal, the language model. */
export const phi4Multimodal = plain(['phi4_multimodal', 'phi4mm'], {
  ...heads(3072, 32, 32, 200_064, 131_072),
  keyValueHeads: 8,
  feedForward: 8192
})

/** Doge (SmallDoge): residual vectors, a mask of its own, experts that are looked up. */
export const doge = plain(
  ['doge'],
  { ...heads(1024, 32, 8, 32768, 2048), feedForward: 2048 },
  {
    attention: headNorms,
    block: (config) => {
      const { keyValueHeads, headSize } = attentionOf(config)
      const mask = [
        listed('attention', 'decay of the mask', keyValueHeads),
        listed('attention', 'step of the mask', keyValueHeads, keyValueHeads * headSize),
        ...(config.attention_bias ? [listed('attention', 'step of the mask bias', keyValueHeads)] : [])
      ]
      const experts = config.is_moe
        ? [
            listed('router', 'router of the looked up experts', 2 * Math.floor(Math.sqrt(config.num_experts)), 'width'),
            listed('experts', 'looked up experts', 2 * config.num_experts, 'width')
          ]
        : []
      return { extras: [listed('other', 'residual vectors', 2, 'width'), ...mask, ...experts] }
    }
  },
  { is_moe: flag(false), num_experts: size(16384) }
)
