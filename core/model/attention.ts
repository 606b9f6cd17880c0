import type { Attention } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import type { RotaryTable } from '../graph/operators'
import {
  add,
  concatenate,
  matmul,
  multiply,
  reshape,
  rmsNorm,
  rotary,
  softmax,
  split,
  transpose,
  unsqueeze
} from '../graph/operators'

/** Inputs of attention besides the hidden states. */
export interface AttentionSite {
  readonly shape: Attention
  readonly rotary: RotaryTable
  /** int64 `[batch, tokens]`. */
  readonly positions: Expression
  /** Added to the scores: 0 where a token may look, very negative elsewhere; broadcast to `[..., tokens, keys]`. */
  readonly mask: Expression
  readonly qkv: Expression
  readonly qkvBias: Expression | undefined
  /** Scales of the RMSNorms of queries and keys, by `shape.queryKeyNorm`. */
  readonly norms: QueryKeyNorms | undefined
  readonly output: Expression
  readonly outputBias: Expression | undefined
  /** Factor of the scores. */
  readonly scale: number
  /** Keys and values of earlier tokens, `[batch, keyValueHeads, earlier, headSize]` each. */
  readonly past: KeysAndValues | undefined
}

export interface QueryKeyNorms {
  readonly query: Expression
  readonly key: Expression
  readonly epsilon: number
}

export interface KeysAndValues {
  readonly keys: Expression
  readonly values: Expression
}

/**
 * Causal grouped-query attention with rotary positions (Vaswani et al. 2017; Ainslie et al. 2023).
 * @param x `[tokens, d]`, all sequences of the batch one after the other
 * @returns `[tokens, d]`, and the keys and values of these tokens
 */
export function attention(x: Expression, site: AttentionSite): { output: Expression; present: KeysAndValues } {
  const { heads, keyValueHeads, headSize } = site.shape
  const batch = site.positions.shape[0]
  if (typeof batch !== 'number') throw new Error('the batch size must be known')
  const projected = matmul(x, site.qkv)
  const biased = site.qkvBias ? add(projected, site.qkvBias) : projected
  const rotated = heads + keyValueHeads
  const [plain, v] = split(biased, [rotated * headSize, keyValueHeads * headSize], 1) as [Expression, Expression]
  const qk = site.norms ? normalised(plain, site.norms, site.shape) : plain
  const inHeads = (each: Expression, count: number) =>
    transpose(reshape(each, [batch, -1, count, headSize]), [0, 2, 1, 3])
  // Queries and keys turn together: for one token every operator counts.
  const turned = inHeads(rotary(reshape(qk, [batch, -1, rotated * headSize]), site.positions, site.rotary), rotated)
  const [q, k] = split(turned, [heads, keyValueHeads], 1) as [Expression, Expression]
  const queries = multiply(q, site.scale)
  const present = { keys: k, values: inHeads(v, keyValueHeads) }
  const keys = site.past ? concatenate([site.past.keys, present.keys], 2) : present.keys
  const values = site.past ? concatenate([site.past.values, present.values], 2) : present.values
  const read = attend(queries, keys, values, site.mask, heads / keyValueHeads, batch)
  const joined = reshape(transpose(read, [0, 2, 1, 3]), [-1, heads * headSize])
  const output = matmul(joined, site.output)
  return { output: site.outputBias ? add(output, site.outputBias) : output, present }
}

/** Queries and keys side by side, `[tokens, (heads + keyValueHeads) headSize]`, each normalised. */
function normalised(
  qk: Expression,
  { query, key, epsilon }: QueryKeyNorms,
  { heads, keyValueHeads, headSize, queryKeyNorm }: Attention
): Expression {
  const parts = split(qk, [heads * headSize, keyValueHeads * headSize], 1) as [Expression, Expression]
  const [q, k] = parts.map((part, i) => {
    const scale = i === 0 ? query : key
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
  mask: Expression,
  group: number,
  batch: number
): Expression {
  if (group === 1) {
    const weights = softmax(add(matmul(queries, keys, { b: true }), mask))
    return matmul(weights, values)
  }
  const [, heads, , headSize] = queries.shape as [unknown, number, unknown, number]
  const grouped = reshape(queries, [batch, heads / group, group, -1, headSize])
  const weights = softmax(add(matmul(grouped, unsqueeze(keys, [2]), { b: true }), mask))
  return reshape(matmul(weights, unsqueeze(values, [2])), [batch, heads, -1, headSize])
}
