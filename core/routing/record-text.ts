import { readingWindows } from '../corpus/reading-windows'
import type { Turn } from '../give-way'
import { giveWay } from '../give-way'
import { createTraceRecorder, type Decision, type RecorderOptions } from './recorder'
import type { RoutingRows, Trace } from './trace'

/** Has a model read tokens at once, from the start of its context. */
export type Reader = (tokens: readonly number[]) => Promise<{
  /** Logits of the model after each token: `[tokens][vocabulary]`. */
  readonly logits: readonly ArrayLike<number>[]
  /** `[tokens][MoE layers]` */
  routing(): readonly (readonly Decision[])[]
}>

export interface RecordTextOptions extends RecorderOptions {
  /** Tokens that are read before the text, and are no part of the trace (`Tokenizer.opening`). */
  readonly opening: ArrayLike<number>
  /** Tokens that the model can read at once. */
  readonly context: number
  /** Stretches of this recording that an earlier one has read, in order, from the first token on. */
  readonly kept?: readonly RoutingRows[]
  /** Hears after each window how many tokens are read, and of these the trace. */
  readonly onRead?: (tokens: number, trace: Trace) => void
  /** Awaited after each window. */
  readonly turn?: Turn
}

/**
 * Records what the routers of a model decide on a text, read in windows as such models were trained (`readingWindows`).
 * Rejects as `turn` does.
 */
export async function recordText(read: Reader, options: RecordTextOptions): Promise<Trace> {
  const { opening, context, kept = [], onRead, turn = giveWay, ...recorded } = options
  const recorder = createTraceRecorder(recorded)
  for (const rows of kept) recorder.restore(rows)
  const known = kept.at(-1)?.to ?? 0
  const before = opening.length
  const tokens = [...Array.from(opening), ...recorded.tokenIds]
  for (const { start, from, end } of readingWindows(tokens, opening[0] ?? -1, context)) {
    if (end - before <= known) continue
    const { routing, logits } = await read(tokens.slice(start, end))
    const decisions = routing()
    for (let place = Math.max(before, from); place < end; place++) {
      recorder.record(place - before, decisions[place - start] ?? [], logits[place - start] ?? [])
    }
    onRead?.(end - before, recorder.trace)
    await turn()
  }
  return recorder.trace
}
