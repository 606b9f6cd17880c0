/** Reading a trace from its first token to its last, a stretch at a time. */
import type { OptionalColumn, RoutingRows, Trace } from './trace'

/** Bytes of a trace that are in memory at once. */
const stretchBytes = 16 * 1024 * 1024

export interface StretchOptions {
  readonly columns?: readonly OptionalColumn[]
  /** By default all tokens. */
  readonly from?: number
  readonly to?: number
}

/** Tokens of a trace in order, as many at once as fit in 16 MiB. Fails as `trace.rows` does. */
export async function* stretches(
  trace: Trace,
  bytesPerToken: number,
  { columns = [], from = 0, to = trace.tokenCount }: StretchOptions = {}
): AsyncGenerator<RoutingRows> {
  const tokens = Math.max(1, Math.floor(stretchBytes / Math.max(1, bytesPerToken)))
  for (let begin = from; begin < to; begin += tokens) {
    yield await trace.rows(begin, Math.min(begin + tokens, to), columns)
  }
}
