/** The traces that are open, and what was measured of them. */

import { messageOf } from '@core/reason'
import { trainingStepOf } from '@core/routing/training-step'
import { proxy, transfer } from 'comlink'
import type { StoreApi } from 'zustand/vanilla'
import { startWorker } from '../engine/client'
import {
  type InspectedPart,
  type ReadPart,
  type RoutingApi,
  type RoutingFacts,
  superseded
} from '../engine/routing-protocol'
import type { OpenedFile } from '../host/host'
import type { AppState } from '../state/app-state'
import type { InspectionChoices } from './choices'
import type { Inspector, Measured, OpenTrace } from './state'

/** Starts what holds the traces; `onDeath` is told when it dies by itself, and why. */
export type StartRouting = (onDeath: (error: Error) => void) => RoutingApi

/** Starts a worker that holds them. */
export const startRoutingWorker: StartRouting = (onDeath) => startWorker('routing', onDeath).api

/** @param start is called with the first trace, and with the first one after what held them has died */
export function createInspector(store: StoreApi<AppState>, start: StartRouting): Inspector {
  let started: RoutingApi | undefined
  let count = 0
  const api = () => {
    started ??= start(forget)
    return started
  }
  /** The traces were where it died. */
  const forget = (error: Error) => {
    started = undefined
    store.setState(({ traces, warnings }) => ({
      traces: [],
      measured: undefined,
      warnings: traces.length > 0 ? [...warnings, lossOf(traces, error)] : warnings
    }))
  }
  const add = (trace: OpenTrace): OpenTrace => {
    store.setState(({ traces }) => ({ traces: [trace, ...traces], measured: undefined }))
    return trace
  }
  return {
    get api() {
      return api()
    },
    inspect: (file) => api().inspect(factsOf(file), readerOf(file)),
    open: async (file, { as = {}, run, model } = {}) => {
      const id = ++count
      const found = await api().open(id, factsOf(file), readerOf(file), as)
      const facts = model === undefined ? found : { ...found, model }
      return add({ id, name: file.name, facts, run, training: trainingStepOf(file.name, facts.model) })
    },
    inspectFirst: (id) =>
      store.setState(({ traces }) => ({
        traces: [...traces].sort((a, b) => Number(b.id === id) - Number(a.id === id)),
        measured: undefined
      })),
    close: async (id) => {
      store.setState(({ traces }) => ({ traces: traces.filter((trace) => trace.id !== id), measured: undefined }))
      await api().close(id)
    },
    place: (id, training) =>
      store.setState(({ traces }) => ({
        traces: traces.map((trace) => (trace.id === id ? { ...trace, training } : trace))
      })),
    measure: async (names) => {
      const { traces, choices, measured: before } = store.getState()
      const [trace] = traces
      if (!trace) return
      const part = chosenPart(choices.inspection, trace.facts)
      const key = JSON.stringify(part)
      const known = before?.trace === trace.id && before.part === key ? before.statistics : {}
      const missing = names.filter((name) => known[name] === undefined)
      const show = (changes: Partial<Measured>) =>
        store.setState(({ measured }) =>
          measured?.trace === trace.id && measured.part === key ? { measured: { ...measured, ...changes } } : {}
        )
      const measured = { trace: trace.id, part: key, statistics: known, failure: undefined }
      if (missing.length === 0) {
        store.setState({ measured: { ...measured, progress: undefined } })
        return
      }
      store.setState({ measured: { ...measured, progress: 0 } })
      try {
        const found = await api().measure(
          trace.id,
          missing,
          part,
          proxy((progress) => show({ progress }))
        )
        const { measured: now } = store.getState()
        show({ statistics: { ...now?.statistics, ...found }, progress: undefined })
      } catch (error) {
        const kind = error instanceof Error ? error.name : ''
        // A newer measurement has taken over.
        if (kind === superseded) return
        const failure = kind === 'AbortError' ? 'Measuring was cancelled.' : messageOf(error)
        show({ progress: undefined, failure })
      }
    },
    stop: () => api().stop()
  }
}

/** Message for traces that died with their worker, with a way on. */
function lossOf(traces: readonly OpenTrace[], error: Error): string {
  const names = traces.map(({ name }) => name).join(', ')
  return `The traces are closed, because what reads them stopped: ${error.message}. Open again: ${names}.`
}

/** The part of a trace that the choices mean; conditions that it cannot meet are left out. */
export function chosenPart(choices: InspectionChoices, facts: RoutingFacts): InspectedPart {
  const { layer, expert } = chosenPlace(choices, facts)
  return {
    domains: facts.has.includes('domainIds') ? choices.domains.filter((domain) => domain < facts.domains.length) : [],
    text: facts.has.includes('texts') ? choices.text : '',
    expert: choices.onlyExpert && facts.kind === 'trace' ? { layer, expert } : undefined
  }
}

/** The chosen layer and expert, within what the trace has. */
export function chosenPlace({ layer, expert }: InspectionChoices, { layers, experts }: RoutingFacts) {
  return { layer: Math.min(layer, layers.length - 1), expert: Math.min(expert, experts - 1) }
}

function factsOf({ name, size }: OpenedFile): { name: string; size: number } {
  return { name, size }
}

function readerOf(file: OpenedFile): ReadPart {
  return proxy(async (start: number, end: number) => {
    const bytes = await file.bytes(start, end)
    return transfer(bytes, [bytes.buffer])
  })
}
