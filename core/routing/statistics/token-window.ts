import type { OptionalColumn, RoutingRows, Trace } from '../trace'

/** Some tokens of a trace with all that is known of them: what a view of single tokens shows. */
export interface TokenWindow extends RoutingRows {
  /** `[to - from]` each, undefined where the trace does not have them. */
  readonly tokenIds: Int32Array | undefined
  readonly tokens: readonly string[] | undefined
  readonly domainIds: Uint8Array | undefined
  /** The tokens within that begin a text. */
  readonly sequenceStarts: Uint32Array
}

/** Reads the tokens `from` to `to` (exclusive), as far as the trace goes. Rejects as `trace.rows` does. */
export async function tokenWindow(
  trace: Trace,
  from: number,
  to: number,
  columns: readonly OptionalColumn[] = ['expertWeights', 'routerLogits']
): Promise<TokenWindow> {
  const start = Math.min(Math.max(0, from), trace.tokenCount)
  const end = Math.min(Math.max(start, to), trace.tokenCount)
  return {
    ...(await trace.rows(start, end, columns)),
    tokenIds: trace.tokenIds?.slice(start, end),
    tokens: trace.tokens?.slice(start, end),
    domainIds: trace.domainIds?.slice(start, end),
    sequenceStarts: trace.sequenceStarts.filter((place) => place >= start && place < end)
  }
}

/** A token, and the text around it. */
export interface TokenInContext {
  /** Its place in the trace. */
  readonly token: number
  readonly id: number | undefined
  /** The texts of the tokens around it, within its own sequence, and its own; empty where the trace has no texts. */
  readonly before: readonly string[]
  readonly text: string
  readonly after: readonly string[]
}

/** A token with up to `reach` tokens of its text on either side. */
export function tokenInContext(trace: Omit<Trace, 'rows'>, token: number, reach: number): TokenInContext {
  const { tokens = [], tokenIds, sequenceStarts, tokenCount } = trace
  const next = firstAbove(sequenceStarts, token)
  const begin = sequenceStarts[next - 1] ?? 0
  const end = sequenceStarts[next] ?? tokenCount
  return {
    token,
    id: tokenIds?.[token],
    before: tokens.slice(Math.max(begin, token - reach), token),
    text: tokens[token] ?? '',
    after: tokens.slice(token + 1, Math.min(end, token + 1 + reach))
  }
}

/** Place of the first of ascending values that is above `value`. */
function firstAbove(values: Uint32Array, value: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] ?? 0) > value) high = middle
    else low = middle + 1
  }
  return low
}
