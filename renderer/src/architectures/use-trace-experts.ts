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
  /** Whether the prediction is to use it. */
  readonly chosen: boolean
  /** Different experts by MoE layer for a batch; undefined where it was not counted or is not wanted. */
  readonly distinct: (batch: number) => readonly number[] | undefined
}

/** The trace that is open in the routing view, if it fits the model; it is counted once it is chosen. */
export function useTraceExperts(subject: Subject): TraceExperts | undefined {
  const { inspector } = useApp()
  const trace = useAppState(({ traces }) => traces[0])
  const measured = useAppState((state) => state.measured)
  const [{ routing }] = useArchitectures()
  const fits = trace !== undefined && tracesRouting(trace.facts, subject)
  const chosen = fits && routing === 'trace'
  const id = trace?.id
  useEffect(() => {
    if (chosen && id !== undefined) void inspector.measure(['unique'])
  }, [inspector, chosen, id])
  if (!fits) return undefined
  const found = measured?.trace === trace.id ? measured.statistics.unique : undefined
  const counted = !chosen || found === undefined || isUnavailable(found) ? [] : found
  const moeLayers = subject.description.stacks.flatMap(({ blocks }) =>
    blocks.filter(({ feedForwards }) => feedForwards.some(({ kind }) => kind === 'moe'))
  ).length
  return { name: trace.name, chosen, distinct: (batch) => tracedExperts(counted, batch, moeLayers) }
}
