/** Keys that configurations share, with the defaults of their classes; without a default a key must be there. */
import { z } from 'zod'
import * as basic from '../describe/config-keys'
import { expected } from '../describe/config-keys'

const largest = 2 ** 31 - 1
const boundedSize = basic.size.max(largest, basic.expected(`at most ${largest}`))
const boundedCount = basic.count.max(largest, basic.expected(`at most ${largest}`))

/** A positive integer. */
export function size(fallback?: number): z.ZodType<number> {
  return fallback === undefined ? boundedSize : boundedSize.default(fallback)
}

/** An integer of 0 or more. */
export function count(fallback?: number): z.ZodType<number> {
  return fallback === undefined ? boundedCount : boundedCount.default(fallback)
}

/** The number of layers. */
export function layers(fallback?: number): z.ZodType<number> {
  return fallback === undefined ? basic.layerCount : basic.layerCount.default(fallback)
}

/** A positive integer, or null for none of it. */
export function sizeOrNull(fallback: number | null = null): z.ZodType<number | null> {
  return boundedSize.nullable().default(fallback)
}

/** An integer of 0 or more, or null for none of it. */
export function countOrNull(fallback: number | null = null): z.ZodType<number | null> {
  return boundedCount.nullable().default(fallback)
}

export function flag(fallback: boolean): z.ZodType<boolean> {
  return basic.flag.default(fallback)
}

/** Steps of multi-token prediction, or layers for it; null for none. Bounded, as layers are. */
export const predictionSteps: z.ZodType<number | null> = basic.count
  .max(100, basic.expected('at most 100'))
  .nullable()
  .default(0)

/** A flag whose default depends on other keys. */
export const flagOrNone: z.ZodType<boolean | undefined> = basic.flag.optional()

const mostLayers = 10_000

/** A list with one entry for each layer; null for none. */
export function listOrNull<T>(entry: z.ZodType<T>, what: string): z.ZodType<readonly T[] | null> {
  return z
    .array(entry, basic.expected(what))
    .max(mostLayers, basic.expected(`at most ${mostLayers} entries`))
    .nullable()
    .default(null)
}

/** Indices of layers; null for none. */
export const layerIndices = listOrNull(boundedCount, 'a list of layer indices')

/** One word for each layer, from those that the family knows; null for none. */
export function wordsOrNull<const T extends string>(...words: readonly T[]): z.ZodType<readonly T[] | null> {
  const list = `a list of ${words.map((word) => `'${word}'`).join(', ')}`
  return listOrNull(z.enum(words, basic.expected(`one of ${words.join(', ')}`)), list)
}

/** Full or sliding attention, for each layer. */
export const attentionTypes = wordsOrNull('full_attention', 'sliding_attention')

/** Keys that say how a decoder computes: the epsilon of its norms, its rotary positions and its activation. */
export function computationKeys(defaults: { readonly epsilon: number; readonly base: number }) {
  const parameters = expected('an object or null')
  return {
    rms_norm_eps: basic.positive.default(defaults.epsilon),
    rope_theta: basic.positive.default(defaults.base),
    // Up to transformers 4: null unless the frequencies are scaled. `type` is the old name of `rope_type`.
    rope_scaling: z.record(z.string(), z.unknown(), parameters).nullish(),
    // From transformers 5 on: also holds the base.
    rope_parameters: z
      .looseObject(
        { rope_type: z.string(expected('a word')).optional(), rope_theta: basic.positive.optional() },
        parameters
      )
      .nullish(),
    hidden_act: z.string(expected('a word')).default('silu')
  }
}

/** Factors of activations, with the defaults of GraniteConfig and GraniteMoeConfig of transformers. */
export const multiplierKeys = {
  embedding_multiplier: basic.positive.default(1),
  attention_multiplier: basic.positive.default(1),
  residual_multiplier: basic.positive.default(1),
  logits_scaling: basic.positive.default(1)
}

/** Keys of nearly every decoder, by their usual names. */
export function decoderKeys(defaults: {
  readonly vocabulary?: number
  readonly width?: number
  readonly layers?: number
  readonly heads?: number
  /** null: as many as there are heads. */
  readonly keyValueHeads?: number | null
  /** null: width / heads. */
  readonly headSize?: number | null
  readonly context?: number | null
  readonly tied?: boolean
}) {
  return z.object({
    vocab_size: size(defaults.vocabulary),
    hidden_size: size(defaults.width),
    num_hidden_layers: layers(defaults.layers),
    num_attention_heads: size(defaults.heads),
    num_key_value_heads: sizeOrNull(defaults.keyValueHeads),
    head_dim: sizeOrNull(defaults.headSize),
    max_position_embeddings: sizeOrNull(defaults.context),
    tie_word_embeddings: flag(defaults.tied ?? false)
  })
}
