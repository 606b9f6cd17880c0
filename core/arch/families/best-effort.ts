/** Reading a kind that no reader knows, as if it were built like Llama, Mixtral or DeepSeek. */
import { problemsOf } from '../../formats/problems'
import { ConfigError, problem } from '../describe/config-error'
import { count, flag, layerCount, size } from '../describe/config-keys'
import type { FeedForward, Mixer, ModelDescription } from '../describe/description'
import { denseNetwork, moeNetwork } from '../describe/parts'
import { attentionOf, block, checkTopK, decoder } from './parts'
import { type Meaning, spellings } from './spellings'

/** What is not a positive integer. */
const schemas: Partial<Record<Meaning, typeof size>> = {
  layers: layerCount,
  experts: count,
  sharedExperts: count,
  sharedWidth: count,
  firstDense: count
}

type Keys = Readonly<Record<string, unknown>>

/**
 * Describes a model by the names of its keys alone. What is assumed is said in `bestEffort`. Throws `ConfigError` when
 * width, layers, heads, feed-forward or vocabulary have no key that is known.
 */
export function readBestEffort(keys: Keys, modelType: string): ModelDescription {
  const width = needed(keys, 'width')
  const attention = attentionIn(keys, width)
  const experts = optional(keys, 'experts') ?? 0
  const moe = experts > 1 ? expertsIn(keys, experts) : null
  const firstDense = optional(keys, 'firstDense') ?? 0
  const denseOrMoe = (layer: number): FeedForward =>
    moe && layer >= firstDense ? moe : denseNetwork({ width: needed(keys, 'feedForward') })
  const tied = flag.safeParse(keys.tie_word_embeddings ?? false)
  if (!tied.success) throw new ConfigError(problem('tie_word_embeddings', problemsOf(tied.error)))
  const context = size.safeParse(keys.max_position_embeddings)
  const described = {
    vocab_size: needed(keys, 'vocabulary'),
    hidden_size: width,
    num_hidden_layers: needed(keys, 'layers'),
    max_position_embeddings: context.success ? context.data : null,
    tie_word_embeddings: tied.data
  }
  return {
    ...decoder(modelType, described, (layer) => block(attention, denseOrMoe(layer))),
    bestEffort: [
      `'${modelType}' is not known: read by the names of its keys`,
      attention.kind === 'attention'
        ? 'attention is grouped, without biases and norms of heads'
        : 'attention is latent',
      moe
        ? `every layer from ${firstDense} on has experts; they are gated and have no biases, nor has the router`
        : 'feed-forwards are gated and have no biases',
      'two RMSNorms in each layer and one at the end',
      ...(keys.tie_word_embeddings === undefined ? ['the output projection is not tied to the embedding'] : [])
    ]
  }
}

function attentionIn(keys: Keys, width: number): Mixer {
  const heads = needed(keys, 'heads')
  const rank = optional(keys, 'latentRank')
  if (rank === undefined) {
    return attentionOf({
      hidden_size: width,
      num_attention_heads: heads,
      num_key_value_heads: optional(keys, 'keyValueHeads') ?? null,
      head_dim: optional(keys, 'headSize') ?? null
    })
  }
  const part = (key: string, fallback: number) => numberIn(keys, key, size) ?? fallback
  return {
    kind: 'latentAttention',
    heads,
    queryRank: numberIn(keys, 'q_lora_rank', size) ?? null,
    keyValueRank: rank,
    plainHeadSize: part('qk_nope_head_dim', 128),
    rotaryHeadSize: part('qk_rope_head_dim', 64),
    valueHeadSize: part('v_head_dim', 128),
    bias: false,
    indexer: null
  }
}

function expertsIn(keys: Keys, experts: number): FeedForward {
  const expertWidth = optional(keys, 'expertWidth') ?? needed(keys, 'feedForward')
  const sharedWidth = optional(keys, 'sharedWidth')
  const moe = moeNetwork({
    experts,
    topK: needed(keys, 'topK'),
    expertWidth,
    sharedExperts: sharedWidth === undefined ? (optional(keys, 'sharedExperts') ?? 0) : Math.sign(sharedWidth),
    sharedExpertWidth: sharedWidth ?? expertWidth
  })
  checkTopK(nameOf(keys, 'topK') ?? 'num_experts_per_tok', moe)
  return moe
}

function needed(keys: Keys, meaning: Meaning): number {
  const value = optional(keys, meaning)
  if (value !== undefined) return value
  const [usual] = spellings[meaning]
  throw new ConfigError(problem(usual, 'expected a positive integer, found nothing'))
}

function optional(keys: Keys, meaning: Meaning): number | undefined {
  const name = nameOf(keys, meaning)
  if (name === undefined) return undefined
  return numberIn(keys, name, schemas[meaning] ?? size)
}

function nameOf(keys: Keys, meaning: Meaning): string | undefined {
  return spellings[meaning].find((name) => keys[name] !== undefined && keys[name] !== null)
}

function numberIn(keys: Keys, key: string, schema: typeof size): number | undefined {
  const value = keys[key]
  if (value === undefined || value === null) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ConfigError(problem(key, problemsOf(parsed.error)))
}
