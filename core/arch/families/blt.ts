/**
 * Byte Latent Transformer (Pagnoni et al. 2024, arXiv 2412.09871; BltConfig of transformers): a small encoder and decoder
 * of bytes around a transformer of patches, tables of hashed n-grams, and a model whose entropy cuts the patches.
 */
import { z } from 'zod'
import type { Component } from '../describe/component'
import { check } from '../describe/config-error'
import type { ListedWeights } from '../describe/description'
import { denseNetwork, listed, modelOf } from '../describe/parts'
import { uniqueBlocks } from '../describe/unique-blocks'
import { family } from './family'
import { count, flag, layers, size, sizeOrNull } from './keys'
import { attentionOf, block } from './parts'

const partKeys = (width: number, length: number, heads: number, feedForward: number | null) => ({
  hidden_size: size(width),
  num_hidden_layers: layers(length),
  num_attention_heads: size(heads),
  num_key_value_heads: sizeOrNull(),
  intermediate_size: sizeOrNull(feedForward)
})
const localKeys = (length: number, all: boolean, feedForward: number | null) =>
  z.object({
    ...partKeys(1024, length, 16, feedForward),
    cross_attn_all_layers: flag(all),
    cross_attn_k: size(2),
    hidden_size_global: size(2048),
    vocab_size: size(260)
  })
const globalKeys = z.object(partKeys(2048, 25, 16, 5632))
const patcherKeys = z.object({ ...partKeys(768, 14, 12, 2048), vocab_size: size(260) })

type Part = z.output<typeof globalKeys>

export const blt = family(
  ['blt'],
  z.object({
    vocab_size: size(260),
    max_position_embeddings: sizeOrNull(4096),
    tie_word_embeddings: flag(false),
    patch_in_forward: flag(true),
    cross_attn_k: size(2),
    encoder_hash_byte_group_size: z.array(size()).max(100).nullish(),
    encoder_hash_byte_group_vocab: size(500_002),
    encoder_hash_byte_group_nb_functions: count(1),
    encoder_config: localKeys(1, false, null).nullish(),
    decoder_config: localKeys(9, true, 2816).nullish(),
    global_config: globalKeys.nullish(),
    patcher_config: patcherKeys.nullish()
  }),
  (config, modelType) => {
    const encoder = localKeys(1, false, null).parse(config.encoder_config ?? {})
    const decoder = localKeys(9, true, 2816).parse(config.decoder_config ?? {})
    const patches = globalKeys.parse(config.global_config ?? {})
    const patcher = patcherKeys.parse(config.patcher_config ?? {})
    const layer = block(attention(patches), denseNetwork({ width: widthOf(patches) }))
    const inner = encoder.hidden_size * config.cross_attn_k
    const groups = config.encoder_hash_byte_group_size?.length ?? 6
    const hashes = groups * config.encoder_hash_byte_group_nb_functions * config.encoder_hash_byte_group_vocab
    const outputRows = config.tie_word_embeddings ? {} : { outputRows: 0 }
    return modelOf({
      modelType,
      vocabularySize: config.tie_word_embeddings ? config.vocab_size : encoder.vocab_size,
      width: patches.hidden_size,
      embeddingWidth: encoder.hidden_size,
      context: config.max_position_embeddings,
      tiedEmbeddings: config.tie_word_embeddings,
      ...outputRows,
      lookups: hashes > 0 ? [listed('embedding', 'hashed n-grams of bytes', hashes, encoder.hidden_size)] : [],
      extras: [
        ...local('encoder', encoder, encoder.hidden_size),
        ...(inner === patches.hidden_size ? [] : [listed('other', 'projection into the patches', inner, 'width')]),
        ...local('decoder', decoder, decoder.hidden_size_global),
        listed('norms', 'final norm of the decoder', decoder.hidden_size),
        ...(config.tie_word_embeddings
          ? []
          : [listed('output', 'output projection', config.vocab_size, decoder.hidden_size)]),
        ...(config.patch_in_forward
          ? [
              ...partWeights('patcher', patcher),
              listed('norms', 'final norm of the patcher', patcher.hidden_size),
              listed('other', 'embedding and output of the patcher', 2 * patcher.vocab_size, patcher.hidden_size)
            ]
          : [])
      ],
      stacks: [
        {
          role: 'decoder',
          blocks: uniqueBlocks(Array.from({ length: patches.num_hidden_layers }, () => layer)),
          finalNorm: 'none',
          distanceBiases: null
        }
      ],
      notes: [
        'the layers between embedding and output work on patches of bytes; cache and arithmetic are those of these layers'
      ]
    })
  }
)

const attention = (part: Part) =>
  attentionOf({ ...part, head_dim: Math.floor(part.hidden_size / part.num_attention_heads) })

function widthOf(part: Part): number {
  return part.intermediate_size ?? Math.floor((8 * part.hidden_size) / 3)
}

/** Layers of a part of another width. */
function partWeights(name: string, part: Part): ListedWeights[] {
  const { hidden_size: width, num_hidden_layers: copies } = part
  const of = (component: Component, what: string, ...shape: number[]) => ({
    ...listed(component, `${what} of the ${name}`, ...shape),
    copies
  })
  return [
    of('attention', 'attention', attentionRows(part), width),
    of('dense', 'feed-forwards', 3 * widthOf(part), width),
    of('norms', 'norms', 2, width)
  ]
}

/** Rows as wide as the part of queries, keys, values and output. */
function attentionRows(part: Part): number {
  const { heads, keyValueHeads, headSize } = attention(part)
  check(heads * headSize <= part.hidden_size, 'num_attention_heads', 'expected a divisor of hidden_size', heads)
  return 2 * (heads + keyValueHeads) * headSize
}

/** The encoder or decoder of bytes: its layers, attention to patches, and the projection between both. */
function local(name: string, part: z.output<ReturnType<typeof localKeys>>, input: number): ListedWeights[] {
  const copies = part.cross_attn_all_layers ? part.num_hidden_layers : 1
  return [
    ...partWeights(name, part),
    { ...listed('attention', `attention to patches of the ${name}`, attentionRows(part), part.hidden_size), copies },
    { ...listed('norms', `norms of that attention of the ${name}`, 2, part.hidden_size), copies },
    listed('other', `projection of patches of the ${name}`, input, part.hidden_size * part.cross_attn_k)
  ]
}
