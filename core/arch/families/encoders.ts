/**
 * BERT and its kin as transformers has them: encoders, which with an output projection also generate text. The class
 * that `architectures` names says which of both a file is; where it names none, BERT is the encoder with its pooler, as
 * its published totals are, and all others have the output projection.
 */
import { z } from 'zod'
import { classOf } from '../describe/config-keys'
import type { GroupedAttention, ListedWeights, ModelDescription } from '../describe/description'
import { denseNetwork, listed, modelOf } from '../describe/parts'
import { uniqueBlocks } from '../describe/unique-blocks'
import { type Family, family } from './family'
import { count, decoderKeys, flag, size, sizeOrNull } from './keys'
import { attentionOf, block } from './parts'

interface Kind {
  readonly vocabulary?: number
  readonly width?: number
  readonly layers?: number
  readonly heads?: number
  readonly feedForward?: number
  readonly context?: number
  readonly types?: number
  readonly tied?: boolean
  /** Norm after the embedding; default true. */
  readonly embeddingNorm?: boolean
  /** Norm at the end, where layers have theirs before their parts; default false. */
  readonly finalNorm?: boolean
  /** A dense layer and a norm before the output projection; default true. */
  readonly transform?: boolean
  /** The dense layer over the first token: of the encoder alone (default), of every class, or of none. */
  readonly pooler?: 'encoder' | 'always' | 'never'
  /** False where an output projection that is not tied shares the bias of the head; default true. */
  readonly ownBias?: boolean
  /** The class that a file without one is of. */
  readonly without?: 'encoder' | 'language model'
}

const keysOf = (kind: Kind) =>
  decoderKeys({
    vocabulary: kind.vocabulary ?? 30522,
    width: kind.width ?? 768,
    layers: kind.layers ?? 12,
    heads: kind.heads ?? 12,
    context: kind.context ?? 512,
    tied: kind.tied ?? true
  }).extend({
    intermediate_size: size(kind.feedForward ?? 3072),
    max_position_embeddings: size(kind.context ?? 512),
    type_vocab_size: count(kind.types ?? 2),
    is_decoder: flag(false),
    add_cross_attention: flag(false),
    architectures: z.unknown().optional()
  })

type Config = z.output<ReturnType<typeof keysOf>>

/** The parts that a kind has besides, and in other places. */
type Differences<Extra extends z.ZodRawShape> = (
  config: Config & z.output<z.ZodObject<Extra>>,
  hasHead: boolean
) => {
  readonly attention?: Partial<Omit<GroupedAttention, 'kind'>>
  readonly layer?: readonly ListedWeights[]
  /** Of the attention to an encoder, beside those of `layer`. */
  readonly ofMixer?: readonly ListedWeights[]
  readonly extras?: readonly ListedWeights[]
  readonly model?: Partial<ModelDescription>
}

function encoder<Extra extends z.ZodRawShape = z.ZodRawShape>(
  modelType: string,
  kind: Kind = {},
  differences: Differences<Extra> = () => ({}),
  keys?: Extra
): Family {
  return family([modelType], keysOf(kind).extend(keys ?? {}), (parsed, name): ModelDescription => {
    const config = parsed as Config & z.output<z.ZodObject<Extra>>
    const named = classOf(config)
    const isHeadless =
      named === undefined ? kind.without === 'encoder' : !/(LM|LMHead(Model)?|PreTraining|Decoder)$/.test(named)
    const hasHead = !isHeadless || config.is_decoder
    const pooled = named === undefined || !/For(Token|Question|MultipleTokens)/.test(named)
    const pooler = kind.pooler === 'always' || (kind.pooler !== 'never' && !hasHead && pooled) || isPreTraining(named)
    const { attention, layer = [], ofMixer, extras = [], model = {} } = differences(config, hasHead)
    const mixer = attentionOf(config, { bias: 'all', ...attention })
    const crosses = config.is_decoder && config.add_cross_attention
    const one = block(mixer, denseNetwork({ width: config.intermediate_size, gated: false, bias: true }), {
      norm: 'layer',
      norms: crosses ? 3 : 2,
      ...(layer.length > 0 ? { extras: [...layer, ...(crosses ? (ofMixer ?? []) : [])] } : {})
    })
    const each = crosses ? { ...one, mixers: [mixer, { ...mixer, source: 'encoder' as const }] } : one
    // A projection of its own has a bias of its own beside that of the head.
    const ownBias = hasHead && !config.tie_word_embeddings && kind.ownBias !== false
    const transform =
      hasHead && kind.transform !== false
        ? [
            listed('other', 'dense layer before the output projection', 'width', 'width'),
            listed('other', 'its bias', 'width'),
            listed('norms', 'its norm', 2, 'width')
          ]
        : []
    return modelOf({
      modelType: name,
      vocabularySize: config.vocab_size,
      width: config.hidden_size,
      context: config.max_position_embeddings,
      tiedEmbeddings: config.tie_word_embeddings || !hasHead,
      outputBias: hasHead,
      learnedPositions: config.max_position_embeddings,
      tokenTypes: config.type_vocab_size,
      embeddingNorm: kind.embeddingNorm === false ? 'none' : 'layer',
      pooler,
      extras: [
        ...transform,
        ...(ownBias ? [listed('output', 'second output bias', config.vocab_size)] : []),
        ...(isPreTraining(named)
          ? [listed('output', 'prediction of the next sentence', 2, 'width'), listed('output', 'its bias', 2)]
          : []),
        ...extras
      ],
      notes: notesOf(named, hasHead),
      stacks: [
        {
          role: config.is_decoder ? 'decoder' : 'encoder',
          blocks: uniqueBlocks(Array.from({ length: config.num_hidden_layers }, () => each)),
          finalNorm: kind.finalNorm ? 'layer' : 'none',
          distanceBiases: null
        }
      ],
      ...model
    })
  })
}

function isPreTraining(name: string | undefined): boolean {
  return name?.endsWith('ForPreTraining') === true && !name.startsWith('Electra')
}

function notesOf(named: string | undefined, hasHead: boolean): string[] {
  if (named !== undefined) return []
  return [
    `the file names no class in architectures: ${hasHead ? 'a language model, with an output projection' : 'the encoder with its pooler, without an output projection'}`
  ]
}

/** Embeddings of another width: tables, norm, and the way into the layers. */
function narrow(inner: number, rows: number, width: number, isProjected = inner !== width): ListedWeights[] {
  return [
    listed('positionEmbedding', 'positions and token types', rows, inner),
    listed('norms', 'norm of the embedding', 2, inner),
    ...(isProjected
      ? [
          listed('other', 'projection of the embedding', inner, width),
          listed('other', 'bias of that projection', width)
        ]
      : [])
  ]
}

/** The dense layer before an output projection of another width, and its norm. */
function narrowTransform(inner: number): ListedWeights[] {
  return [
    listed('other', 'dense layer before the output projection', inner, 'width'),
    listed('other', 'its bias', inner),
    listed('norms', 'its norm', 2, inner)
  ]
}

/** Devlin et al. 2019 (arXiv 1810.04805). */
export const bert = encoder('bert', { without: 'encoder' })

/** Liu et al. 2019 (arXiv 1907.11692). */
export const roberta = encoder('roberta', { vocabulary: 50265 })

/** Martin et al. 2019 (arXiv 1911.03894). */
export const camembert = encoder('camembert')

/** Conneau et al. 2019 (arXiv 1911.02116). */
export const xlmRoberta = encoder('xlm-roberta')

/** Baevski et al. 2022 (arXiv 2202.03555), the model of text. */
export const data2vecText = encoder('data2vec-text')

/** Goyal et al. 2021 (arXiv 2105.00572): norms before the parts. */
export const xlmRobertaXl = encoder('xlm-roberta-xl', {
  vocabulary: 250_880,
  width: 2560,
  layers: 36,
  heads: 32,
  feedForward: 10240,
  context: 514,
  types: 1,
  embeddingNorm: false,
  finalNorm: true
})

/** Ott et al. 2019 (arXiv 1904.01038): norms before the parts, and one more after the embedding. */
export const robertaPreLayerNorm = encoder('roberta-prelayernorm', { vocabulary: 50265, finalNorm: true })

/** Shoeybi et al. 2019 (arXiv 1909.08053): norms before the parts. */
export const megatronBert = encoder('megatron-bert', {
  vocabulary: 29056,
  width: 1024,
  layers: 24,
  heads: 16,
  feedForward: 4096,
  embeddingNorm: false,
  finalNorm: true
})

/** Rothe et al. 2020 (arXiv 1907.12461). */
export const bertGeneration = encoder('bert-generation', {
  vocabulary: 50358,
  width: 1024,
  layers: 24,
  heads: 16,
  feedForward: 4096,
  types: 0,
  transform: false,
  pooler: 'never'
})

/** Zaheer et al. 2020 (arXiv 2007.14062). */
export const bigBird = encoder(
  'big_bird',
  { vocabulary: 50358, context: 4096, pooler: 'always' },
  (config) => {
    const bias = config.use_bias ? [] : [listed('attention', 'attention output bias', 'width')]
    const answers = classOf(config)?.endsWith('ForQuestionAnswering') === true
    const inner = config.intermediate_size
    return {
      attention: { bias: config.use_bias ? 'all' : 'none' },
      layer: bias,
      ofMixer: bias,
      ...(answers
        ? {
            extras: [
              listed('other', 'feed-forward before the head', 2, 'width', inner),
              listed('other', 'its biases', inner),
              listed('other', 'biases and norm after it', 3, 'width')
            ],
            model: { pooler: false }
          }
        : {})
    }
  },
  { use_bias: flag(true) }
)

/** Sun et al. 2019 (arXiv 1904.09223). */
export const ernieEncoder = encoder(
  'ernie',
  {},
  (config) => ({
    extras: config.use_task_id ? [listed('positionEmbedding', 'tasks', config.task_type_vocab_size, 'width')] : []
  }),
  { use_task_id: flag(false), task_type_vocab_size: size(3) }
)

/** Clark et al. 2020 (arXiv 2003.10555): embeddings of another width; the generator's output projection has it, too. */
export const electra = encoder(
  'electra',
  { width: 256, heads: 4, feedForward: 1024, transform: false, pooler: 'never', ownBias: false },
  (config, hasHead) => {
    const inner = config.embedding_size
    const discriminates = classOf(config)?.endsWith('ForPreTraining') === true
    const classifies = /For(SequenceClassification|MultipleChoice)$/.test(classOf(config) ?? '')
    const rows = config.max_position_embeddings + config.type_vocab_size
    return {
      extras: [
        ...narrow(inner, rows, config.hidden_size),
        ...(hasHead && !discriminates ? narrowTransform(inner) : []),
        ...(discriminates || classifies
          ? [listed('other', 'head', 'width', 'width'), listed('other', 'head bias', 'width')]
          : []),
        ...(discriminates
          ? [listed('output', 'prediction of replaced tokens', 'width'), listed('output', 'its bias', 1)]
          : [])
      ],
      model: {
        embeddingWidth: inner,
        ...withoutTables,
        ...(discriminates ? { outputBias: false, outputRows: 0 } : {})
      }
    }
  },
  { embedding_size: size(128) }
)

const withoutTables = { learnedPositions: 0, tokenTypes: 0, embeddingNorm: 'none' } as const

/** Su et al. 2021 (arXiv 2104.09864): the sines of positions, which turn queries and keys, lie in the checkpoint. */
export const roFormer = encoder(
  'roformer',
  { vocabulary: 50000, context: 1536, transform: false, pooler: 'never' },
  (config, hasHead) => {
    const inner = config.embedding_size ?? config.hidden_size
    const headSize = Math.floor(config.hidden_size / config.num_attention_heads)
    return {
      extras: [
        ...narrow(inner, config.type_vocab_size, config.hidden_size),
        listed('positionEmbedding', 'sines of positions', config.max_position_embeddings, headSize),
        ...(hasHead ? narrowTransform(inner) : [])
      ],
      model: { embeddingWidth: inner, ...withoutTables }
    }
  },
  { embedding_size: sizeOrNull() }
)

/** Chung et al. 2020 (arXiv 2010.12821): a narrow embedding, and an output projection that is wider and its own. */
export const remBert = encoder(
  'rembert',
  {
    vocabulary: 250_300,
    width: 1152,
    layers: 32,
    heads: 18,
    feedForward: 4608,
    transform: false,
    tied: false,
    ownBias: false
  },
  (config, hasHead) => {
    const { input_embedding_size: inner, output_embedding_size: outer, vocab_size: rows } = config
    return {
      extras: [
        ...narrow(inner, config.max_position_embeddings + config.type_vocab_size, config.hidden_size, true),
        ...(hasHead
          ? [
              ...narrowTransform(outer),
              listed('output', 'output projection', rows, outer),
              listed('output', 'output bias', rows)
            ]
          : [])
      ],
      model: { embeddingWidth: inner, ...withoutTables, tiedEmbeddings: false, outputRows: 0, outputBias: false }
    }
  },
  { input_embedding_size: size(256), output_embedding_size: size(1664) }
)

/** Pfeiffer et al. 2022 (arXiv 2205.06266): an adapter for each language in each layer. */
export const xmod = encoder(
  'xmod',
  {},
  (config) => {
    const inner = Math.floor(config.hidden_size / config.adapter_reduction_factor)
    const copies = config.languages.length
    return {
      layer: [
        { ...listed('dense', 'adapters', 2 * inner, 'width'), copies },
        { ...listed('dense', 'biases of adapters', inner + config.hidden_size), copies },
        ...(config.adapter_layer_norm ? [listed('norms', 'norm of adapters', 2, 'width')] : [])
      ],
      extras: config.pre_norm ? [listed('norms', 'final norm', 2, 'width')] : []
    }
  },
  {
    pre_norm: flag(false),
    adapter_reduction_factor: size(2),
    adapter_layer_norm: flag(false),
    languages: z.array(z.string()).default(['en_XX'])
  }
)

/** Su et al. 2022 (ACL, 2022.acl-long.65): embeddings of pronunciation and shape of characters. */
export const rocBert = encoder(
  'roc_bert',
  {},
  (config) => {
    const { pronunciation_embed_dim: sound, shape_embed_dim: shape } = config
    const inner = config.hidden_size + (config.enable_pronunciation ? sound : 0) + (config.enable_shape ? shape : 0)
    return {
      extras: [
        listed('embedding', 'pronunciations', config.pronunciation_vocab_size, sound),
        listed('embedding', 'shapes', config.shape_vocab_size, shape),
        ...(config.concat_input
          ? [listed('other', 'projection of the embeddings', inner, 'width'), listed('other', 'its bias', 'width')]
          : [])
      ]
    }
  },
  {
    enable_pronunciation: flag(true),
    enable_shape: flag(true),
    concat_input: flag(true),
    pronunciation_embed_dim: size(768),
    pronunciation_vocab_size: size(910),
    shape_embed_dim: size(512),
    shape_vocab_size: size(24858)
  }
)
