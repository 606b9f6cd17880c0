/** The open trace that stands beside the first. Numbers of traces mean nothing in a link; their names do. */
import type { BesideChoice } from './choices'
import type { OpenTrace } from './state'

/** The chosen one of all but the first; the next one where it is not open, or nothing is chosen. */
export function traceBeside(traces: readonly OpenTrace[], chosen: BesideChoice | null): OpenTrace | undefined {
  const [, ...others] = traces
  const named = chosen === null ? undefined : namesakes(traces, chosen.name)[chosen.place]
  return named && others.includes(named) ? named : others[0]
}

/** A trace as a choice: its name, and its place among the open ones of this name. */
export function besideOf(traces: readonly OpenTrace[], { id, name }: OpenTrace): BesideChoice {
  return { name, place: namesakes(traces, name).findIndex((each) => each.id === id) }
}

/** In the order in which they were opened, which does not change with what is inspected. */
function namesakes(traces: readonly OpenTrace[], name: string): OpenTrace[] {
  return traces.filter((trace) => trace.name === name).sort((a, b) => a.id - b.id)
}
