/**
 * BART and its kin as transformers has them: an encoder and a decoder with LayerNorms and biases everywhere, or, as the
 * classes `...ForCausalLM` have it and `is_encoder_decoder: false` says, the decoder alone, which keeps its attention to
 * an encoder.
 */
import { z } from 'zod'
import { check } from '../describe/config-error'
import { classOf, type Keys } from '../describe/config-keys'
import type { Block, GroupedAttention, ListedWeights, ModelDescription, Stack } from '../describe/description'
import { denseNetwork, groupedAttention, listed, modelOf } from '../describe/parts'
import { uniqueBlocks } from '../describe/unique-blocks'
import { type Family, family } from './family'
import { flag, layers, size } from './keys'

interface Kind {
  readonly vocabulary?: number
  readonly width?: number
  readonly context?: number
  /** Layers, heads and feed-forward of the encoder and of the decoder. */
  readonly encoder?: readonly [layers: number, heads: number, feedForward: number]
  readonly decoder?: readonly [layers: number, heads: number, feedForward: number]
  /** Rows of the positions that no token has (fairseq's padding); default 0. */
  readonly furtherPositions?: number
  /** A norm after the embedding; default true. */
  readonly embeddingNorm?: boolean
  /** A norm at the end of each stack; default false. */
  readonly finalNorm?: boolean
  /** False where the decoder alone never shares its output projection with the embedding; default true. */
  readonly decoderTied?: boolean
}

type Role = Stack['role']

const keysOf = ({ encoder = [12, 16, 4096], decoder = [12, 16, 4096], ...kind }: Kind) =>
  z.object({
    vocab_size: size(kind.vocabulary ?? 50265),
    d_model: size(kind.width ?? 1024),
    max_position_embeddings: size(kind.context ?? 1024),
    encoder_layers: layers(encoder[0]),
    encoder_attention_heads: size(encoder[1]),
    encoder_ffn_dim: size(encoder[2]),
    decoder_layers: layers(decoder[0]),
    decoder_attention_heads: size(decoder[1]),
    decoder_ffn_dim: size(decoder[2]),
    is_encoder_decoder: flag(true),
    tie_word_embeddings: flag(true),
    architectures: z.unknown().optional()
  })

type Config = z.output<ReturnType<typeof keysOf>>

/** The parts that a kind has besides, in each stack and each layer. */
type Differences<Extra extends z.ZodRawShape> = (
  config: Config & z.output<z.ZodObject<Extra>>,
  roles: readonly Role[]
) => {
  readonly attention?: Partial<Omit<GroupedAttention, 'kind'>>
  readonly block?: readonly ListedWeights[]
  /** False for a decoder without attention to the encoder; default true. */
  readonly crosses?: boolean
  readonly extras?: readonly ListedWeights[]
  readonly model?: Partial<ModelDescription>
}

function encoderDecoder<Extra extends z.ZodRawShape = z.ZodRawShape>(
  modelType: string,
  kind: Kind = {},
  differences: Differences<Extra> = () => ({}),
  keys?: Extra
): Family {
  return family([modelType], keysOf(kind).extend(keys ?? {}), (parsed, name): ModelDescription => {
    const config = parsed as Config & z.output<z.ZodObject<Extra>>
    const named = classOf(config)
    const isAlone = named === undefined ? !config.is_encoder_decoder : named.endsWith('ForCausalLM')
    const roles: readonly Role[] = isAlone ? ['decoder'] : ['encoder', 'decoder']
    const { attention = {}, block = [], crosses = true, extras = [], model = {} } = differences(config, roles)
    const stack = (role: Role): Stack => {
      const heads = config[`${role}_attention_heads`]
      const headSize = config.d_model / heads
      const expectation = `expected a divisor of d_model ${config.d_model}`
      check(Number.isInteger(headSize), `${role}_attention_heads`, expectation, heads)
      const own = groupedAttention({ heads, keyValueHeads: heads, headSize, bias: 'all', ...attention })
      const mixers = role === 'encoder' || !crosses ? [own] : [own, { ...own, source: 'encoder' as const }]
      const one: Block = {
        mixers,
        feedForwards: [denseNetwork({ width: config[`${role}_ffn_dim`], gated: false, bias: true })],
        norm: 'layer',
        norms: mixers.length + 1,
        ...(block.length > 0 ? { extras: mixers.flatMap(() => block) } : {})
      }
      const blocks = uniqueBlocks(Array.from({ length: config[`${role}_layers`] }, () => one))
      return { role, blocks, finalNorm: kind.finalNorm ? 'layer' : 'none', distanceBiases: null }
    }
    const tied = config.tie_word_embeddings && (kind.decoderTied !== false || !isAlone)
    const hasNorm = kind.embeddingNorm !== false
    return modelOf({
      modelType: name,
      vocabularySize: config.vocab_size,
      width: config.d_model,
      context: config.max_position_embeddings,
      tiedEmbeddings: tied,
      learnedPositions: roles.length * (config.max_position_embeddings + (kind.furtherPositions ?? 0)),
      embeddingNorm: hasNorm ? 'layer' : 'none',
      // The norm above is that of one stack.
      extras: [...(hasNorm && !isAlone ? [listed('norms', 'norm of the other embedding', 2, 'width')] : []), ...extras],
      notes:
        named === undefined && !isAlone
          ? ['the file names no class in architectures: an encoder and a decoder, which share their embedding']
          : [],
      stacks: roles.map(stack),
      ...model
    })
  })
}

/** Lewis et al. 2019 (arXiv 1910.13461). */
export const bart = encoderDecoder('bart', { furtherPositions: 2 })

/** Liu et al. 2020 (arXiv 2001.08210). */
export const mBart = encoderDecoder('mbart', { furtherPositions: 2, finalNorm: true })

/** Ahmad et al. 2021 (arXiv 2103.06333). */
export const plBart = encoderDecoder('plbart', {
  vocabulary: 50005,
  width: 768,
  encoder: [6, 12, 3072],
  decoder: [6, 12, 3072],
  furtherPositions: 2
})

/** Tang et al. 2022 (arXiv 2206.12131): with `use_prompt`, keys and values of prompts for each attention of a stack. */
export const mvp = encoderDecoder(
  'mvp',
  { vocabulary: 50267, furtherPositions: 2 },
  (config, roles) => {
    const { prompt_length: length, prompt_mid_dim: inner, d_model: width } = config
    const prompts = (count: number) => [
      listed('other', 'prompts', length, width),
      listed('other', 'projections of prompts', width + 1, inner),
      listed('other', 'keys and values of prompts', inner + 1, count * 2 * width)
    ]
    const stacks = ['encoder', 'decoder', 'decoder'] as const
    // The decoder alone has none.
    const hasPrompts = config.use_prompt && roles.length === 2
    return { extras: hasPrompts ? stacks.flatMap((role) => prompts(config[`${role}_layers`])) : [] }
  },
  { use_prompt: flag(false), prompt_length: size(100), prompt_mid_dim: size(800) }
)

/** Roller et al. 2020 (arXiv 2004.13637). */
export const blenderbot = encoderDecoder('blenderbot', {
  vocabulary: 8008,
  width: 2560,
  context: 128,
  encoder: [2, 32, 10240],
  decoder: [24, 32, 10240],
  embeddingNorm: false,
  finalNorm: true
})
export const blenderbotSmall = encoderDecoder('blenderbot-small', {
  width: 512,
  context: 512,
  encoder: [8, 16, 2048],
  decoder: [8, 16, 2048]
})

/** Junczys-Dowmunt et al. 2018 (arXiv 1804.00344): the sines of positions lie in the checkpoint. */
export const marian = encoderDecoder(
  'marian',
  { vocabulary: 58101, embeddingNorm: false },
  (config, roles) => {
    const rows = config.decoder_vocab_size ?? config.vocab_size
    const isAlone = roles.length === 1
    const hasBoth = !isAlone && !config.share_encoder_decoder_embeddings
    return {
      model: {
        vocabularySize: isAlone ? rows : config.vocab_size,
        ...(isAlone && !config.tie_word_embeddings ? { outputRows: config.vocab_size } : {}),
        ...(hasBoth ? { lookups: [listed('embedding', 'table of the decoder', rows, 'width')] } : {})
      }
    }
  },
  { decoder_vocab_size: size().nullish(), share_encoder_decoder_embeddings: flag(true) }
)

/** Zhang et al. 2019 (arXiv 1912.08777): the same. */
export const pegasus = encoderDecoder('pegasus', { embeddingNorm: false, finalNorm: true })

/** Zaheer et al. 2020 (arXiv 2007.14062), section 4.1. */
export const bigBirdPegasus = encoderDecoder(
  'bigbird_pegasus',
  { vocabulary: 96103, context: 4096, encoder: [16, 16, 4096], decoder: [16, 16, 4096], decoderTied: false },
  (config) => ({ attention: { bias: config.use_bias ? 'all' : 'none' } }),
  { use_bias: flag(false) }
)

/** Radford et al. 2022 (arXiv 2212.04356): two convolutions over the spectrum, keys without biases. */
export const whisper = encoderDecoder(
  'whisper',
  {
    vocabulary: 51865,
    width: 384,
    encoder: [4, 6, 1536],
    decoder: [4, 6, 1536],
    embeddingNorm: false,
    finalNorm: true
  },
  (config, roles) => {
    const { d_model: width, max_source_positions: sources, max_target_positions: targets } = config
    const hears = roles.includes('encoder')
    return {
      attention: { bias: 'none' },
      block: [listed('attention', 'biases of queries, values and output', 3, 'width')],
      extras: hears ? [listed('other', 'convolutions', width, 3 * (config.num_mel_bins + width) + 2)] : [],
      model: { context: targets, learnedPositions: targets + (hears ? sources : 0) }
    }
  },
  { num_mel_bins: size(80), max_source_positions: size(1500), max_target_positions: size(448) }
)

/** Li et al. 2021 (arXiv 2109.10282): the decoder of TrOCR, whose encoder reads pictures. */
export const trOcr = encoderDecoder(
  'trocr',
  { context: 512 },
  (config) => {
    const further = (config.cross_attention_hidden_size ?? config.d_model) - config.d_model
    check(
      further === 0,
      'cross_attention_hidden_size',
      `expected d_model ${config.d_model}`,
      config.cross_attention_hidden_size
    )
    return {
      model: {
        learnedPositions: config.use_learned_position_embeddings ? config.max_position_embeddings + 2 : 0,
        embeddingNorm: config.layernorm_embedding ? 'layer' : 'none'
      }
    }
  },
  {
    is_encoder_decoder: flag(false),
    use_learned_position_embeddings: flag(true),
    layernorm_embedding: flag(true),
    cross_attention_hidden_size: size().nullish()
  }
)

const prophetNetKinds = encoderDecoder(
  'prophetnet',
  { vocabulary: 30522, context: 512 },
  (config, roles) => ({
    crosses: config.add_cross_attention,
    extras: [
      // The decoder's own, which a tied one shares.
      ...(config.tie_word_embeddings
        ? []
        : [listed('embedding', 'tables of the stacks', roles.length * config.vocab_size, 'width')]),
      listed('positionEmbedding', 'predicted tokens', config.ngram, 'width'),
      listed(
        'positionEmbedding',
        'biases of distances',
        config.decoder_layers * config.num_buckets * config.decoder_attention_heads,
        config.d_model + 1
      )
    ]
  }),
  { add_cross_attention: flag(true), ngram: size(2), num_buckets: size(32) }
)

/** Qi et al. 2020 (arXiv 2001.04063): a learned vector for each predicted token, biases by the distance of tokens. */
export const prophetNet: Family = {
  modelTypes: prophetNetKinds.modelTypes,
  read: (keys, modelType) =>
    prophetNetKinds.read(
      {
        d_model: keys.hidden_size,
        ...keys,
        ...of(keys, 'encoder'),
        ...of(keys, 'decoder')
      },
      modelType
    )
}

/** Its keys of a stack, in the words of the others. */
function of(keys: Keys, role: Role): Keys {
  return {
    [`${role}_layers`]: keys[`num_${role}_layers`],
    [`${role}_attention_heads`]: keys[`num_${role}_attention_heads`]
  }
}
