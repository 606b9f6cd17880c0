/**
 * Routing as one long table, which CSV and Parquet write alike: a row for each choice of a token. `token` and `rank` are
 * counted from 0, `layer` as in the model, `expert` is -1 where the choice was dropped. Then what the trace knows:
 * `weight` of the choice; `sequence`, counted from 0, where there are several; `token_id`, `domain` and `text` of the
 * token.
 */
import { noExpert, type RoutingRows, type Trace } from '../trace'

export const choiceColumns = ['token', 'layer', 'rank', 'expert'] as const

export interface LongTable {
  readonly rows: number
  /** In the order of the file. */
  readonly columns: readonly LongColumn[]
}

export type LongColumn =
  | { readonly name: (typeof choiceColumns)[number] | 'sequence' | 'token_id'; readonly values: Int32Array }
  | { readonly name: 'weight'; readonly values: Float32Array }
  | { readonly name: 'domain' | 'text'; readonly values: string[] }

/** The names of the columns that a trace fills. */
export function longColumns(trace: Trace): readonly LongColumn['name'][] {
  const { has, sequenceStarts, tokenIds, domainIds, tokens } = trace
  return [
    ...choiceColumns,
    ...(has.has('expertWeights') ? (['weight'] as const) : []),
    ...(sequenceStarts.length > 1 ? (['sequence'] as const) : []),
    ...(tokenIds ? (['token_id'] as const) : []),
    ...(domainIds ? (['domain'] as const) : []),
    ...(tokens ? (['text'] as const) : [])
  ]
}

/** A stretch of a trace, which was read with its weights, as rows. */
export function longTable(trace: Trace, rows: RoutingRows): LongTable {
  const { layers, topK } = trace
  const { from, expertIds, expertWeights } = rows
  const count = expertIds.length
  const perToken = layers.length * topK
  const integers = (value: (place: number) => number) => {
    const values = new Int32Array(count)
    for (let place = 0; place < count; place++) values[place] = value(place)
    return values
  }
  const texts = (value: (place: number) => string) => Array.from({ length: count }, (_, place) => value(place))
  const ofToken = <T>(value: (token: number) => T) => {
    const values = Array.from({ length: rows.to - from }, (_, token) => value(from + token))
    return (place: number) => values[Math.floor(place / perToken)] as T
  }
  const columnOf = (name: LongColumn['name']): LongColumn => {
    switch (name) {
      case 'token':
        return { name, values: integers(ofToken((token) => token)) }
      case 'layer':
        return { name, values: integers((place) => layers[Math.floor(place / topK) % layers.length] ?? 0) }
      case 'rank':
        return { name, values: integers((place) => place % topK) }
      case 'expert':
        return { name, values: integers((place) => (expertIds[place] === noExpert ? -1 : (expertIds[place] ?? 0))) }
      case 'weight':
        return { name, values: expertWeights ?? new Float32Array(count) }
      case 'sequence':
        return { name, values: integers(ofToken((token) => sequenceAt(trace, token))) }
      case 'token_id':
        return { name, values: integers(ofToken((token) => trace.tokenIds?.[token] ?? 0)) }
      case 'domain':
        return { name, values: texts(ofToken((token) => trace.domains[trace.domainIds?.[token] ?? 0] ?? '')) }
      case 'text':
        return { name, values: texts(ofToken((token) => trace.tokens?.[token] ?? '')) }
    }
  }
  return { rows: count, columns: longColumns(trace).map(columnOf) }
}

/** The sequence that a token belongs to. */
function sequenceAt({ sequenceStarts }: Trace, token: number): number {
  let [low, high] = [0, sequenceStarts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((sequenceStarts[middle] ?? 0) <= token) low = middle
    else high = middle - 1
  }
  return low
}
