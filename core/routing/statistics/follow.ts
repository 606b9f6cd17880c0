/** Routing over training: the same statistics of every checkpoint, and its agreement with the last one. */
import type { Trace } from '../trace'
import { type Agreement, compareTraces, IncomparableError } from './agreement'
import { type ChoiceCounts, choiceCounts } from './choice-counts'
import { type DomainSpecialisation, domainSpecialisation } from './domain-specialisation'
import type { RoutingFilter } from './filter'
import { measure } from './measure'
import { type RouterLogits, routerLogits } from './router-logits'
import { type RouterWeights, routerWeights } from './router-weights'
import type { Unavailable } from './statistic'

const statistics = {
  choices: choiceCounts,
  logits: routerLogits,
  weights: routerWeights,
  domains: domainSpecialisation
}

/** The figures of one checkpoint that are followed over a training. */
export interface FollowedTrace {
  readonly choices: ChoiceCounts
  readonly logits: RouterLogits | Unavailable
  readonly weights: RouterWeights | Unavailable
  readonly domains: DomainSpecialisation | Unavailable
  /** With the last of the checkpoints; in words why they cannot be compared. */
  readonly agreement: Agreement | string
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
  checkpoints: readonly Trace[],
  { filterOf, onProgress, signal }: FollowOptions
): Promise<FollowedTrace[]> {
  const last = checkpoints.at(-1)
  if (!last) return []
  const followed: FollowedTrace[] = []
  for (const [i, trace] of checkpoints.entries()) {
    // Each trace is read twice: by itself, and beside the last.
    const half = (which: 0 | 1) => (done: number, total: number) =>
      onProgress((2 * i + which + done / Math.max(1, total)) / (2 * checkpoints.length))
    const measured = await measure(trace, { statistics, filter: filterOf(trace), signal, onProgress: half(0) })
    const compared = compareTraces(last, trace, { filter: filterOf(last), signal, onProgress: half(1) })
    const agreement = await compared.catch((error: unknown) => {
      if (error instanceof IncomparableError) return error.message
      throw error
    })
    followed.push({ ...measured, agreement })
  }
  return followed
}
