/** What becomes of a router over its training: the same statistics of every checkpoint, and its way to the last one. */
import { compareTraces, IncomparableError } from '@core/routing/statistics/agreement'
import { choiceCounts } from '@core/routing/statistics/choice-counts'
import { domainSpecialisation } from '@core/routing/statistics/domain-specialisation'
import type { RoutingFilter } from '@core/routing/statistics/filter'
import { measure } from '@core/routing/statistics/measure'
import { routerLogits } from '@core/routing/statistics/router-logits'
import { routerWeights } from '@core/routing/statistics/router-weights'
import type { Trace } from '@core/routing/trace'
import type { FollowedCheckpoint } from './routing-protocol'

const statistics = {
  choices: choiceCounts,
  logits: routerLogits,
  weights: routerWeights,
  domains: domainSpecialisation
}

/** A trace that is open, by its number. */
export interface NumberedTrace {
  readonly id: number
  readonly trace: Trace
}

export interface FollowOptions {
  /** The part that is measured, of each trace by itself. */
  readonly filterOf: (trace: Trace) => RoutingFilter
  /** From 0 to 1. */
  readonly onProgress: (done: number) => void
  readonly signal: AbortSignal
}

/**
 * Measures traces of one text in the order of the training. Those of another text are measured, too, and say why they
 * cannot be compared with the last. Rejects as `measure` does.
 */
export async function followTraces(
  checkpoints: readonly NumberedTrace[],
  { filterOf, onProgress, signal }: FollowOptions
): Promise<FollowedCheckpoint[]> {
  const last = checkpoints.at(-1)?.trace
  if (!last) return []
  const followed: FollowedCheckpoint[] = []
  for (const [i, { id, trace }] of checkpoints.entries()) {
    // Each trace is read twice: by itself, and beside the last.
    const half = (which: 0 | 1) => (done: number, total: number) =>
      onProgress((2 * i + which + done / Math.max(1, total)) / (2 * checkpoints.length))
    const measured = await measure(trace, { statistics, filter: filterOf(trace), signal, onProgress: half(0) })
    const compared = compareTraces(last, trace, { filter: filterOf(last), signal, onProgress: half(1) })
    const agreement = await compared.catch((error: unknown) => {
      if (error instanceof IncomparableError) return error.message
      throw error
    })
    followed.push({ trace: id, ...measured, agreement })
  }
  return followed
}
