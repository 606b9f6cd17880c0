import fc from 'fast-check'
import { memoryTrace, noExpert, type Trace, type TraceColumns } from '../trace'
import type { RoutingFilter } from './filter'

/** A small trace with all columns, several sequences and dropped choices, and what it was made of, as plain objects. */
export interface PlainTrace {
  readonly trace: Trace
  readonly columns: TraceColumns
  readonly tokens: readonly PlainToken[]
}

export interface PlainToken {
  readonly place: number
  readonly id: number
  readonly domain: number
  readonly sequence: number
  /** For each layer the choices, best first; undefined where one was dropped. */
  readonly layers: readonly PlainRow[]
}

export interface PlainRow {
  readonly choices: readonly (number | undefined)[]
  readonly weights: readonly number[]
  readonly logits: readonly number[]
}

/** The tokens of a trace that `filter` takes. */
export interface Taken {
  readonly tokens: readonly PlainToken[]
  readonly layers: readonly number[]
  /** Taken tokens whose predecessor in the same text is taken, too, with it. */
  readonly pairs: readonly (readonly [PlainToken, PlainToken])[]
}

export function plainTraces(): fc.Arbitrary<PlainTrace> {
  return fc
    .record({
      experts: fc.integer({ min: 1, max: 6 }),
      layers: fc.integer({ min: 1, max: 3 }),
      k: fc.integer({ min: 1, max: 3 }),
      lengths: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 })
    })
    .chain(({ experts, layers, k, lengths }) => {
      const topK = Math.min(k, experts)
      const number = fc.double({ min: 0.0625, max: 4, noNaN: true }).map(Math.fround)
      const logit = fc.double({ min: -4, max: 4, noNaN: true }).map(Math.fround)
      const row = fc
        .record({
          order: fc.shuffledSubarray([...Array.from({ length: experts }).keys()], {
            minLength: topK,
            maxLength: topK
          }),
          dropped: fc.array(fc.integer({ min: 0, max: 7 }), { minLength: topK, maxLength: topK }),
          weights: fc.array(number, { minLength: topK, maxLength: topK }),
          logits: fc.array(logit, { minLength: experts, maxLength: experts })
        })
        .map(
          ({ order, dropped, weights, logits }): PlainRow => ({
            choices: order.map((expert, i) => (dropped[i] === 0 ? undefined : expert)),
            weights,
            logits
          })
        )
      const token = fc.record({
        id: fc.integer({ min: -1, max: 4 }),
        domain: fc.integer({ min: 0, max: 2 }),
        layers: fc.array(row, { minLength: layers, maxLength: layers })
      })
      return fc
        .tuple(...lengths.map((length) => fc.array(token, { minLength: length, maxLength: length })))
        .map((texts) => {
          let place = 0
          const tokens = texts.flatMap((text, sequence) => text.map((each) => ({ ...each, sequence, place: place++ })))
          const columns = columnsOf(tokens, experts, topK, layers)
          return { trace: memoryTrace(columns), columns, tokens }
        })
    })
}

/** Filters that fit a trace, by any of the conditions. */
export function filtersOf({ trace }: PlainTrace): fc.Arbitrary<RoutingFilter> {
  const upTo = (count: number) => fc.integer({ min: 0, max: count - 1 })
  const place = fc.integer({ min: 0, max: trace.tokenCount })
  const sometimes = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 2, nil: undefined })
  return fc
    .record({
      domains: sometimes(fc.array(upTo(3), { maxLength: 3 })),
      tokenIds: sometimes(fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 6 })),
      ranges: sometimes(fc.array(fc.tuple(place, place).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const))),
      experts: sometimes(
        fc.array(fc.record({ layer: upTo(trace.layers.length), expert: upTo(trace.experts) }), { maxLength: 4 })
      ),
      layers: sometimes(fc.array(upTo(trace.layers.length), { minLength: 1, maxLength: 4 }))
    })
    .map((conditions) => Object.fromEntries(Object.entries(conditions).filter(([, value]) => value)))
}

/** A trace, a filter that fits, and how many bytes a pass reads at once: few, so that there are many stretches. */
export function measurements(): fc.Arbitrary<{ plain: PlainTrace; filter: RoutingFilter; stretchBytes: number }> {
  return plainTraces().chain((plain) =>
    fc.record({ plain: fc.constant(plain), filter: filtersOf(plain), stretchBytes: fc.constantFrom(1, 100, 1e6) })
  )
}

export function take({ tokens, trace }: PlainTrace, filter: RoutingFilter): Taken {
  const taken = tokens.filter(
    ({ place, id, domain, layers }) =>
      (filter.domains?.includes(domain) ?? true) &&
      (filter.tokenIds?.includes(id) ?? true) &&
      (filter.ranges?.some(([from, to]) => from <= place && place < to) ?? true) &&
      (filter.experts?.some(({ layer, expert }) => layers[layer]?.choices.includes(expert)) ?? true)
  )
  const places = trace.layers.map((_, layer) => layer)
  return {
    tokens: taken,
    layers: places.filter((layer) => filter.layers?.includes(layer) ?? true),
    pairs: taken.flatMap((token) => {
      const before = taken.find(({ place, sequence }) => place === token.place - 1 && sequence === token.sequence)
      return before ? [[before, token] as const] : []
    })
  }
}

/** The experts that a token was sent to in a layer, best first, without dropped ones. */
export function sentTo(token: PlainToken, layer: number): number[] {
  return (token.layers[layer]?.choices ?? []).filter((choice) => choice !== undefined)
}

function columnsOf(tokens: readonly PlainToken[], experts: number, topK: number, layers: number): TraceColumns {
  const rows = tokens.flatMap((token) => token.layers)
  const starts = tokens.filter(({ place, sequence }) => place === 0 || tokens[place - 1]?.sequence !== sequence)
  return {
    model: 'arbitrary',
    source: '',
    layers: Array.from({ length: layers }, (_, layer) => 2 * layer + 1),
    experts,
    topK,
    tokenIds: Int32Array.from(tokens, ({ id }) => id),
    tokens: tokens.map(({ id, place }) => `${id}@${place}`),
    domains: ['a', 'b', 'c'],
    domainIds: Uint8Array.from(tokens, ({ domain }) => domain),
    sequenceStarts: Uint32Array.from(starts, ({ place }) => place),
    notes: [],
    expertIds: Uint16Array.from(rows.flatMap(({ choices }) => choices.map((choice) => choice ?? noExpert))),
    expertWeights: Float32Array.from(rows.flatMap(({ weights }) => weights)),
    routerLogits: Float32Array.from(rows.flatMap(({ logits }) => logits)),
    logits: undefined
  }
}
