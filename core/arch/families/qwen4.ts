/** Qwen4-Exp: Gated DeltaNet and gated attention behind an indexer, residual streams side by side, tables of n-grams. */
import { z } from 'zod'
import { ConfigError, check, problem } from '../describe/config-error'
import type { ListedWeights } from '../describe/description'
import { listed, moeNetwork } from '../describe/parts'
import { family } from './family'
import { decoderKeys, flag, layers, listOrNull, size, sizeOrNull, wordsOrNull } from './keys'
import { attentionOf, block, checkTopK, decoder, deltaNetOf, entryOf } from './parts'

/** Bounds the search for primes, which a wrong file could make endless. */
const mostTables = 64

/** Qwen4ExpTextConfig and modeling_qwen4_exp.py of transformers. */
export const qwen4 = family(
  ['qwen4_exp_text', 'qwen4_exp'],
  decoderKeys({ vocabulary: 248_320, width: 2048, heads: 16, keyValueHeads: 2, headSize: 256, context: 32_768 }).extend(
    {
      num_hidden_layers: layers(40),
      attention_bias: flag(false),
      full_attention_interval: size(4),
      layer_types: wordsOrNull('linear_attention', 'indexed_attention', 'full_attention'),
      linear_conv_kernel_dim: size(4),
      linear_key_head_dim: size(128),
      linear_value_head_dim: size(128),
      linear_num_key_heads: size(16),
      linear_num_value_heads: size(32),
      moe_intermediate_size: size(512),
      shared_expert_intermediate_size: size(512),
      num_experts: size(512),
      num_experts_per_tok: size(10),
      hc_count: size(4),
      hc_lowrank: size(320),
      indexer_n_heads: sizeOrNull(),
      indexer_head_dim: sizeOrNull(),
      ple_layer_ids: listOrNull(size(), 'a list of layers, counted from 1'),
      ple_embed_dim: sizeOrNull(),
      ple_conv_kernel_size: size(4),
      ngram_size: size(3).pipe(z.number().max(8)),
      heads_per_ngram: size(8).pipe(z.number().max(64)),
      ngram_vocab_size_base: size(20_000_000),
      make_ngram_vocab_size_divisible_by: size(128)
    }
  ),
  (config, modelType) => {
    const { num_hidden_layers: length, hc_count: streams } = config
    const deltaNet = deltaNetOf(config)
    const bias = config.attention_bias ? 'all' : 'none'
    const attention = attentionOf(config, { bias, queryKeyNorm: 'head', outputGate: true })
    const moe = moeNetwork({
      experts: config.num_experts,
      topK: config.num_experts_per_tok,
      expertWidth: config.moe_intermediate_size,
      sharedExperts: 1,
      sharedExpertWidth: config.shared_expert_intermediate_size,
      sharedGate: true
    })
    checkTopK('num_experts_per_tok', moe)
    const isLinear = (layer: number) =>
      config.layer_types
        ? entryOf('layer_types', config.layer_types, layer, length) === 'linear_attention'
        : (layer + 1) % config.full_attention_interval !== 0
    const tables = ngramTables(config)
    const mixing = ['attention', 'feed-forward'].flatMap((part) => [
      ...gatedResidual(part, streams, config.hc_lowrank),
      listed('other', `shares of the streams, ${part}`, streams * streams, 'width')
    ])
    const indexer = indexerOf(config)
    const perLayer = perLayerEmbedding(config)
    return decoder(
      modelType,
      config,
      (layer) =>
        block(isLinear(layer) ? deltaNet : attention, moe, {
          norms: 0,
          extras: [
            ...mixing,
            ...(isLinear(layer) ? [] : indexer),
            ...(config.ple_layer_ids?.includes(layer + 1) ? perLayer : [])
          ]
        }),
      {
        finalNorm: 'none',
        lookups: tables,
        extras: gatedResidual('at the end', streams, config.hc_lowrank),
        notes:
          indexer.length > 0
            ? ['computation and cache are those of full attention, without the choice of the indexer']
            : []
      }
    )
  }
)

/** The norm of all streams and a projection of them through a low rank; what it gives is one of them. */
function gatedResidual(part: string, streams: number, rank: number): ListedWeights[] {
  return [
    { ...listed('norms', `norm of a stream, ${part}`, 'width'), copies: streams },
    listed('other', `mixing of the streams into its rank, ${part}`, rank * streams, 'width'),
    listed('other', `mixing of the streams out of its rank, ${part}`, rank * streams, 'width')
  ]
}

/** Queries and one key, with a norm of each. */
function indexerOf(config: { readonly indexer_n_heads: number | null; readonly indexer_head_dim: number | null }) {
  const { indexer_n_heads: heads, indexer_head_dim: headSize } = config
  if (heads === null || headSize === null) return []
  return [
    listed('indexer', 'indexer queries and key', (heads + 1) * headSize, 'width'),
    listed('norms', 'norms of the indexer', 2 * headSize)
  ]
}

interface NgramKeys {
  readonly hidden_size: number
  readonly hc_count: number
  readonly ple_layer_ids: readonly number[] | null
  readonly ple_embed_dim: number | null
  readonly ple_conv_kernel_size: number
  readonly ngram_size: number
  readonly heads_per_ngram: number
  readonly ngram_vocab_size_base: number
  readonly make_ngram_vocab_size_divisible_by: number
}

/** The n-grams of a layer: keys for each stream, one value, norms of keys, queries and values, a short convolution. */
function perLayerEmbedding(config: NgramKeys): ListedWeights[] {
  const { hc_count: streams, hidden_size: width } = config
  const inner = config.ple_embed_dim ?? width
  return [
    listed('other', 'keys and value of the n-grams', (streams + 1) * inner, 'width'),
    listed('norms', 'norms of the n-grams', 3 * streams, 'width'),
    listed('other', 'convolution of the n-grams', streams * config.ple_conv_kernel_size, 'width')
  ]
}

/**
 * Every head of every n-gram has rows of its own, a prime number of them: the next primes from `ngram_vocab_size_base` on,
 * so that no two heads collide alike. The rows of a layer are padded together.
 */
function ngramTables(config: NgramKeys): ListedWeights[] {
  const layersWithTables = new Set(config.ple_layer_ids ?? []).size
  check(layersWithTables <= mostTables, 'ple_layer_ids', `expected at most ${mostTables} layers`, layersWithTables)
  const heads = (config.ngram_size - 1) * config.heads_per_ngram
  if (layersWithTables === 0) return []
  const headSize = (config.ple_embed_dim ?? config.hidden_size) / heads
  if (!Number.isInteger(headSize)) {
    throw new ConfigError(problem('ple_embed_dim', `expected a multiple of the ${heads} heads of n-grams`))
  }
  const primes = primesFrom(config.ngram_vocab_size_base, heads * layersWithTables)
  const multiple = config.make_ngram_vocab_size_divisible_by
  return Array.from({ length: layersWithTables }, (_, index) => {
    const rows = primes.slice(index * heads, (index + 1) * heads).reduce((sum, prime) => sum + prime, 0)
    return listed('embedding', 'tables of n-grams', multiple * Math.ceil(rows / multiple), headSize)
  })
}

function primesFrom(start: number, length: number): number[] {
  const primes: number[] = []
  for (let candidate = Math.max(2, start); primes.length < length; candidate++) {
    if (isPrime(candidate)) primes.push(candidate)
  }
  return primes
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) return false
  return true
}
