import type { Attention, LatentShape } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import type { RotaryTable } from '../graph/operators'
import {
  add,
  concatenate,
  expandLike,
  logSumExp,
  matmul,
  multiply,
  reshape,
  rmsNorm,
  rotary,
  sigmoid,
  slice,
  softmax,
  split,
  subtract,
  transpose,
  unsqueeze,
  zerosLike
} from '../graph/operators'
import type { LayerPart } from '../tensors/part'

/** Inputs of attention besides the hidden states. */
export interface AttentionSite {
  readonly shape: Attention
  readonly rotary: RotaryTable
  /** int64 `[batch, tokens]`. */
  readonly positions: Expression
  /** Added to the scores: 0 where a token may look, very negative elsewhere; broadcast to `[..., tokens, keys]`. */
  readonly mask: Expression
  /** A parameter of the layer's attention. */
  readonly weight: (part: LayerPart) => Expression
  /** Of the norms of queries and keys. */
  readonly epsilon: number
  /** Factor of the scores. */
  readonly scale: number
  /** Keys and values of earlier tokens, `[batch, keyValueHeads, earlier, headSize]` each. */
  readonly past: KeysAndValues | undefined
}

export interface KeysAndValues {
  readonly keys: Expression
  readonly values: Expression
}

/**
 * Causal attention with rotary positions: grouped queries (Vaswani et al. 2017; Ainslie et al. 2023), or by latents.
 * @param x `[tokens, d]`, all sequences of the batch one after the other
 * @returns `[tokens, d]`, and the keys and values of these tokens
 */
export function attention(x: Expression, site: AttentionSite): { output: Expression; present: KeysAndValues } {
  const { shape, weight } = site
  const { heads, keyValueHeads, headSize, latent, outputBias } = shape
  const batch = site.positions.shape[0]
  if (typeof batch !== 'number') throw new Error('the batch size must be known')
  const { queries: q, ...present } = latent ? latentHeads(x, site, latent, batch) : groupedHeads(x, site, batch)
  const queries = multiply(q, site.scale)
  const keys = site.past ? concatenate([site.past.keys, present.keys], 2) : present.keys
  const values = site.past ? concatenate([site.past.values, present.values], 2) : present.values
  const read = attend(queries, keys, values, {
    mask: site.mask,
    group: heads / keyValueHeads,
    batch,
    sinks: shape.sinks && weight('sinks')
  })
  const valueSize = latent?.valueSize ?? headSize
  const cut = valueSize === headSize ? read : slice(read, 0, valueSize, 3)
  const joined = reshape(transpose(cut, [0, 2, 1, 3]), [-1, heads * valueSize])
  const output = matmul(joined, weight('attention_output'))
  return { output: outputBias ? add(output, weight('attention_output_bias')) : output, present }
}

/** `[batch, heads, tokens, headSize]` each. */
interface Heads extends KeysAndValues {
  readonly queries: Expression
}

function groupedHeads(x: Expression, site: AttentionSite, batch: number): Heads {
  const { shape, weight } = site
  const { heads, keyValueHeads, headSize, projectionBias, queryKeyNorm } = shape
  const projected = matmul(x, weight('qkv'))
  const biased = projectionBias ? add(projected, weight('qkv_bias')) : projected
  const rotated = heads + keyValueHeads
  const [plain, v] = split(biased, [rotated * headSize, keyValueHeads * headSize], 1) as [Expression, Expression]
  const qk = queryKeyNorm ? normalised(plain, site) : plain
  const inHeads = (each: Expression, count: number) =>
    transpose(reshape(each, [batch, -1, count, headSize]), [0, 2, 1, 3])
  // Queries and keys turn together: for one token every operator counts.
  const turned = inHeads(turnedHeads(reshape(qk, [batch, -1, rotated * headSize]), rotated, site, batch), rotated)
  const [q, k] = split(turned, [heads, keyValueHeads], 1) as [Expression, Expression]
  return { queries: q, keys: k, values: inHeads(v, keyValueHeads) }
}

/** Heads `[batch, tokens, count * headSize]`, of which the first features turn, or all. */
function turnedHeads(x: Expression, count: number, { shape, positions, rotary: table }: AttentionSite, batch: number) {
  const { headSize, rotarySize = headSize } = shape
  if (rotarySize === headSize) return rotary(x, positions, table)
  const [first, rest] = split(reshape(x, [batch, -1, count, headSize]), [rotarySize, headSize - rotarySize], 3) as [
    Expression,
    Expression
  ]
  const turned = rotary(reshape(first, [batch, -1, count * rotarySize]), positions, table)
  return concatenate([reshape(turned, [batch, -1, count, rotarySize]), rest], 3)
}

/** Of the norms of latents (`DeepseekV3RMSNorm` of transformers 5.18, whatever config.json says). */
const latentEpsilon = 1e-6

/** Queries, keys and values by way of latents; values are filled up with zeros to the width of keys. */
function latentHeads(x: Expression, site: AttentionSite, latent: LatentShape, batch: number): Heads {
  const { shape, weight, positions, rotary: table } = site
  const { heads, headSize, projectionBias } = shape
  const { queryRank, keyValueRank, rotarySize, valueSize, interleaved } = latent
  const plainSize = headSize - rotarySize
  const down = (part: 'query_down' | 'key_value_down') => {
    const projected = matmul(x, weight(part))
    return projectionBias ? add(projected, weight(`${part}_bias`)) : projected
  }
  const normed = (each: Expression, part: 'query_norm' | 'key_value_norm') => rmsNorm(each, weight(part), latentEpsilon)
  const turned = (each: Expression, count: number) =>
    reshape(rotary(reshape(each, [batch, -1, count * rotarySize]), positions, table, interleaved), [
      batch,
      -1,
      count,
      rotarySize
    ])
  const q = matmul(queryRank === undefined ? x : normed(down('query_down'), 'query_norm'), weight('query_up'))
  const [plainQueries, turningQueries] = split(
    reshape(q, [batch, -1, heads, headSize]),
    [plainSize, rotarySize],
    3
  ) as [Expression, Expression]
  const turnedQueries = turned(turningQueries, heads)
  const [compressed, turningKey] = split(down('key_value_down'), [keyValueRank, rotarySize], 1) as [
    Expression,
    Expression
  ]
  const expanded = matmul(normed(compressed, 'key_value_norm'), weight('key_value_up'))
  const [plainKeys, values] = split(
    reshape(expanded, [batch, -1, heads, plainSize + valueSize]),
    [plainSize, valueSize],
    3
  ) as [Expression, Expression]
  const keys = concatenate([plainKeys, expandLike(turned(turningKey, 1), turnedQueries)], 3)
  const missing = headSize - valueSize
  const filled = missing === 0 ? values : concatenate([values, zerosLike(slice(keys, 0, missing, 3))], 3)
  const inHeads = (each: Expression) => transpose(each, [0, 2, 1, 3])
  return {
    queries: inHeads(concatenate([plainQueries, turnedQueries], 3)),
    keys: inHeads(keys),
    values: inHeads(filled)
  }
}

/** Queries and keys side by side, `[tokens, (heads + keyValueHeads) headSize]`, each normalised. */
function normalised(qk: Expression, { shape, weight, epsilon }: AttentionSite): Expression {
  const { heads, keyValueHeads, headSize, queryKeyNorm } = shape
  const parts = split(qk, [heads * headSize, keyValueHeads * headSize], 1) as [Expression, Expression]
  const [q, k] = parts.map((part, i) => {
    const scale = weight(i === 0 ? 'query_norm' : 'key_norm')
    if (queryKeyNorm === 'allHeads') return rmsNorm(part, scale, epsilon)
    const count = i === 0 ? heads : keyValueHeads
    return reshape(rmsNorm(reshape(part, [-1, headSize]), scale, epsilon), [-1, count * headSize])
  }) as [Expression, Expression]
  return concatenate([q, k], 1)
}

/** Softmax-weighted values; with several query heads to a key head, the group gets an axis of its own. */
function attend(
  queries: Expression,
  keys: Expression,
  values: Expression,
  { mask, group, batch, sinks }: AttendSite
): Expression {
  const [, allHeads] = queries.shape as [unknown, number]
  if (group === 1) {
    const scores = add(matmul(queries, keys, { b: true }), mask)
    return leftBySinks(matmul(softmax(scores), values), scores, sinks && reshape(sinks, [1, allHeads, 1, 1]))
  }
  const [, heads, , headSize] = queries.shape as [unknown, number, unknown, number]
  const grouped = reshape(queries, [batch, heads / group, group, -1, headSize])
  const scores = add(matmul(grouped, unsqueeze(keys, [2]), { b: true }), mask)
  const read = matmul(softmax(scores), unsqueeze(values, [2]))
  const left = leftBySinks(read, scores, sinks && reshape(sinks, [1, heads / group, group, 1, 1]))
  return reshape(left, [batch, heads, -1, headSize])
}

interface AttendSite {
  readonly mask: Expression
  /** Query heads of a key head. */
  readonly group: number
  readonly batch: number
  /** `[heads]` */
  readonly sinks: Expression | undefined
}

/** A sink is one more score that reads nothing, so that the tokens keep `sigmoid(logsumexp(scores) - sink)`. */
function leftBySinks(read: Expression, scores: Expression, sinks: Expression | undefined): Expression {
  if (!sinks) return read
  return multiply(read, sigmoid(subtract(logSumExp(scores, [scores.shape.length - 1], true), sinks)))
}
