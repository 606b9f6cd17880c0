/** Hooks of the routing pages: the first trace, the choices made in it, and its statistics. */
import { isUnavailable } from '@core/routing/statistics/statistic'
import { useEffect } from 'react'
import type { RoutingFacts, RoutingStatistics, StatisticName } from '../engine/routing-protocol'
import { useApp, useAppState } from '../state/app'
import type { InspectionChoices } from './choices'
import { chosenPlace } from './inspector'
import type { OpenTrace } from './state'

export interface Inspected {
  readonly trace: OpenTrace
  readonly facts: RoutingFacts
  readonly inspection: InspectionChoices
  /** The chosen layer and expert, within what the trace has. */
  readonly layer: number
  readonly expert: number
  readonly inspect: (changes: Partial<InspectionChoices>) => void
}

/** Only for components within an open trace. */
export function useInspected(): Inspected {
  const { choose } = useApp()
  const trace = useAppState(({ traces }) => traces[0])
  const inspection = useAppState(({ choices }) => choices.inspection)
  if (!trace) throw new Error('a part of the routing view was drawn without a trace')
  const { facts } = trace
  const inspect = (changes: Partial<InspectionChoices>) => choose({ inspection: { ...inspection, ...changes } })
  return { trace, facts, inspection, ...chosenPlace(inspection, facts), inspect }
}

/** A statistic as far as it is known. */
export type Known<T> =
  | { readonly status: 'known'; readonly value: T }
  | { readonly status: 'unavailable'; readonly reason: string }
  | { readonly status: 'measuring' }

type KnownStatistics<Name extends StatisticName> = { readonly [Each in Name]: Known<RoutingStatistics[Each]> }

/** Has statistics measured for the part that is chosen, and gives them when they are there. */
export function useStatistics<Name extends StatisticName>(...names: readonly Name[]): KnownStatistics<Name> {
  const { inspector } = useApp()
  const { trace, inspection } = useInspected()
  const measured = useAppState((state) => state.measured)
  const { domains, text, onlyExpert, layer, expert } = inspection
  const part = JSON.stringify([trace.id, domains, text, onlyExpert && [layer, expert]])
  const asked = names.join(' ')
  const own = measured?.trace === trace.id ? measured : undefined
  const idle = own !== undefined && own.progress === undefined && own.failure === undefined
  // Asked for before something else, which went first.
  const left = idle && names.some((name) => own.statistics[name] === undefined)
  useEffect(() => {
    // Part and names determine the measurement; both are written out above.
    if (part !== '' || left) void inspector.measure(asked.split(' ') as Name[])
  }, [inspector, part, asked, left])
  return Object.fromEntries(
    names.map((name) => {
      const found = own?.statistics[name]
      if (found === undefined) return [name, { status: 'measuring' }]
      if (isUnavailable(found)) return [name, { status: 'unavailable', reason: found.unavailable }]
      return [name, { status: 'known', value: found }]
    })
  ) as KnownStatistics<Name>
}

/** `layer 3`: the layer's index in the model, counted from 0 as in checkpoints. */
export function layerName(facts: RoutingFacts, layer: number): string {
  return `layer ${facts.layers[layer] ?? layer}`
}
