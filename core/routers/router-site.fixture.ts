/** The inputs of a router, as numbers, or as inputs of a graph that is differentiated by them. */
import type { Expression } from '../graph/expression'
import { constant } from '../graph/expression'
import { values } from '../graph/tensor'
import type { RouterSite } from './router'

export type Rows = readonly (readonly number[])[]

interface Given {
  /** `[tokens, experts]`. */
  readonly logits: Rows | Expression
  readonly mask?: Rows | undefined
  readonly noise?: Rows
  /** `[tokens, d]`, default 0. */
  readonly x?: Rows
  /** Default 0, 1, 2, ... */
  readonly tokens?: readonly number[]
  /** Default 1. */
  readonly sequences?: number
  /** Default false. */
  readonly training?: boolean
  /** The router's own, by name: a vector, or a matrix by rows. */
  readonly parameters?: Readonly<Record<string, readonly number[] | Rows | Expression>>
}

export function routerSite({ logits, mask, noise, parameters = {}, ...given }: Given): RouterSite {
  const made = expressionOf(logits)
  const count = made.shape[0] as number
  const tokens = given.tokens ?? Array.from({ length: count }, (_, token) => token)
  return {
    logits: made,
    x: expressionOf(given.x ?? Array.from({ length: count }, () => [0])),
    tokens: constant(values('int32', [count], tokens)),
    vocabularySize: 1 + Math.max(...tokens),
    sequences: given.sequences ?? 1,
    training: given.training ?? false,
    ...(mask ? { mask: expressionOf(mask) } : {}),
    parameter: (name) => {
      const found = parameters[name]
      if (!found) throw new Error(`the test gives no parameter '${name}'`)
      return expressionOf(found)
    },
    noise: () => {
      if (!noise) throw new Error('the test gives no noise')
      return expressionOf(noise)
    }
  }
}

function expressionOf(data: readonly number[] | Rows | Expression): Expression {
  if ('node' in data) return data
  return isRows(data)
    ? constant(values('float32', [data.length, data[0]?.length ?? 0], data.flat()))
    : constant(values('float32', [data.length], data))
}

function isRows(data: readonly number[] | Rows): data is Rows {
  return Array.isArray(data[0])
}
