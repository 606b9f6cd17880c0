import { isUnavailable } from '@core/routing/statistics/statistic'
import { useEffect } from 'react'
import { useApp, useAppState } from '../state/app'
import type { Subject } from './subjects'
import { tracedExperts, tracesRouting } from './trace-experts'
import { useArchitectures } from './use-architectures'

/** The open trace as a source of the experts that a batch reads. */
export interface TraceExperts {
  /** Of the trace. */
  readonly name: string
  /** True when the prediction uses it. */
  readonly chosen: boolean
  /** Different experts by MoE layer for a batch; undefined where it was not counted or is not wanted. */
  readonly distinct: (batch: number) => readonly number[] | undefined
}

/**
 * The trace that is open in the routing view, if it fits the model; it is counted once it is chosen.
 * @param batches sizes of the batches that are asked for
 */
export function useTraceExperts(subject: Subject, batches: readonly number[]): TraceExperts | undefined {
  const { inspector } = useApp()
  const trace = useAppState(({ traces }) => traces[0])
  const measured = useAppState((state) => state.measured)
  const [{ routing }] = useArchitectures()
  const fits = trace !== undefined && tracesRouting(trace.facts, subject)
  const chosen = fits && routing === 'trace'
  const id = trace?.id
  const sizes = batches.join()
  useEffect(() => {
    if (!chosen || id === undefined) return
    void inspector.measure(sizes.split(',').map((size): `unique-${number}` => `unique-${Number(size)}`))
  }, [inspector, chosen, id, sizes])
  if (!fits) return undefined
  const statistics = chosen && measured?.trace === trace.id ? measured.statistics : {}
  const moeLayers = subject.description.stacks.flatMap(({ blocks }) =>
    blocks.filter(({ feedForwards }) => feedForwards.some(({ kind }) => kind === 'moe'))
  ).length
  const distinct = (batch: number) => {
    const found = statistics[`unique-${batch}`]
    return found === undefined || isUnavailable(found) ? undefined : tracedExperts(found, moeLayers)
  }
  return { name: trace.name, chosen, distinct }
}
