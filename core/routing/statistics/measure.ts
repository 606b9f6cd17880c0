import type { Trace } from '../trace'
import { type RoutingFilter, selectionOf } from './filter'
import { type Accumulator, isUnavailable, type RouterColumn, type Statistic, type Unavailable } from './statistic'
import { type PassOptions, stretches } from './stretches'

/** Statistics by the names that their results shall have. */
export type Statistics = Readonly<Record<string, Statistic<unknown, Unavailable>>>

export type Measured<S extends Statistics> = {
  readonly [Name in keyof S]: S[Name] extends Statistic<infer Result, infer Otherwise> ? Result | Otherwise : never
}

export interface MeasureOptions<S extends Statistics> extends PassOptions {
  readonly statistics: S
  /** Without it, all of the trace. */
  readonly filter?: RoutingFilter
}

/**
 * Computes statistics of a trace in one pass over it, which reads only what they need and gives way to messages.
 * Rejects with a `RangeError` when the filter names what the trace lacks, with the signal's reason when it is aborted,
 * and as `trace.rows` does.
 */
export async function measure<S extends Statistics>(trace: Trace, options: MeasureOptions<S>): Promise<Measured<S>> {
  const { statistics, filter, ...pass } = options
  const selection = selectionOf(trace, filter)
  const begun = Object.entries(statistics).map(
    ([name, statistic]) => [name, statistic.begin({ trace, layers: selection.layers, takes: selection.takes })] as const
  )
  const accumulators = begun.flatMap(([, each]): Accumulator<unknown>[] => (isUnavailable(each) ? [] : [each]))
  if (accumulators.length > 0) {
    const columns = [...new Set(accumulators.flatMap((each): readonly RouterColumn[] => each.columns ?? []))]
    for await (const stretch of stretches(trace, selection, columns, pass)) {
      for (const each of accumulators) each.add(stretch)
    }
  }
  const results: Record<string, unknown> = {}
  for (const [name, each] of begun) {
    results[name] = isUnavailable(each) ? each : await each.result()
    options.signal?.throwIfAborted()
  }
  return results as Measured<S>
}
