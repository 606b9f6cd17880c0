import { expect, test } from 'vitest'
import type { RoutingFacts } from '../engine/routing-protocol'
import { besideOf, traceBeside } from './beside'
import type { OpenTrace } from './state'

const facts: RoutingFacts = {
  kind: 'trace',
  model: '',
  source: '',
  layers: [0],
  experts: 4,
  topK: 1,
  tokenCount: 1,
  sequences: 1,
  domains: [],
  has: [],
  notes: []
}
const trace = (id: number, name: string): OpenTrace => ({ id, name, facts, run: undefined, training: undefined })

/** The latest first, as they are opened. */
const traces = [trace(4, 'moe-64'), trace(3, 'shared'), trace(2, 'moe-64'), trace(1, 'moe-64')] as const

test('every other trace can be chosen, also one of several with one name, and is found by what a link says', () => {
  for (const other of traces.slice(1)) expect(traceBeside(traces, besideOf(traces, other))).toBe(other)
  expect(besideOf(traces, traces[3])).toEqual({ name: 'moe-64', place: 0 })
})

test('the choice holds whatever is inspected or opened besides', () => {
  const chosen = besideOf(traces, traces[2])
  expect(traceBeside([traces[1], traces[0], traces[2], traces[3]], chosen)).toBe(traces[2])
  expect(traceBeside([trace(5, 'moe-64'), ...traces], chosen)).toBe(traces[2])
})

test('where nothing is chosen, or the chosen one is not open or is the first itself, the next one stands there', () => {
  expect(traceBeside(traces, null)).toBe(traces[1])
  expect(traceBeside(traces, { name: 'elsewhere', place: 0 })).toBe(traces[1])
  expect(traceBeside(traces, { name: 'moe-64', place: 3 })).toBe(traces[1])
  expect(traceBeside(traces, besideOf(traces, traces[0]))).toBe(traces[1])
  expect(traceBeside([traces[0]], null)).toBeUndefined()
})
