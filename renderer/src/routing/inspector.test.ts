import { memoryTrace } from '@core/routing/trace'
import { expect, test } from 'vitest'
import { createApp } from '../app/create-app'
import { createRoutingApi } from '../engine/routing-api'
import { traceFileOf } from '../engine/trace-file.fixture'
import { openedFile } from '../host/host'
import { createMemoryHost } from '../host/memory'
import { openRoutingAs } from './routing-file'

/** An app whose traces can be made to die with what holds them. */
function mortal() {
  const deaths: ((error: Error) => void)[] = []
  const app = createApp(createMemoryHost(), {}, (onDeath) => {
    deaths.push(onDeath)
    return createRoutingApi()
  })
  const die = (message: string) => deaths.at(-1)?.(new Error(message))
  return { app, die, starts: () => deaths.length }
}

const counts = () => openedFile(new File(['layer,expert\n0,1\n0,3\n'], 'moe_trace.csv'))
const asCounts = { format: 'llama-cpp', answers: { experts: 4 } } as const

const recorded = () =>
  traceFileOf(
    'moe-64',
    memoryTrace({
      model: 'm',
      source: '',
      layers: [0],
      experts: 4,
      topK: 1,
      tokenIds: Int32Array.of(0, 1),
      tokens: ['a', 'b'],
      expertIds: Uint16Array.of(3, 1),
      expertWeights: undefined,
      routerLogits: undefined,
      domains: [],
      domainIds: undefined,
      logits: undefined,
      sequenceStarts: Uint32Array.of(0),
      notes: []
    })
  )

test('when what holds the traces dies, they are closed, it is said why, and others can be opened', async () => {
  const { app, die, starts } = mortal()
  await app.inspector.open(counts(), { as: asCounts })
  await app.inspector.open(await recorded(), { run: 'moe-64-routing-1f3a9c02' })
  await app.inspector.measure(['choices'])
  expect(app.store.getState().measured?.statistics.choices).toBeDefined()
  die('out of memory')
  expect(app.store.getState()).toMatchObject({
    traces: [],
    measured: undefined,
    warnings: [
      'The traces are closed, because what reads them stopped: out of memory. Open again: moe-64, moe_trace.csv.'
    ]
  })
  await openRoutingAs(app, counts(), asCounts)
  expect(starts()).toBe(2)
  expect(app.store.getState().traces).toMatchObject([{ name: 'moe_trace.csv', facts: { kind: 'counts', experts: 4 } }])
})

test('a death while nothing is open closes nothing, and is told by what was asked for', async () => {
  const { app, die } = mortal()
  await app.inspector.inspect(counts())
  die('out of memory')
  expect(app.store.getState().warnings).toEqual([])
})

test('measuring that is cancelled says so, and what gives way to something else says nothing', async () => {
  const { app } = mortal()
  await app.inspector.open(await recorded())
  const measured = () => app.store.getState().measured
  const cancelled = app.inspector.measure(['choices'])
  await app.inspector.stop()
  await cancelled
  expect(measured()).toMatchObject({ progress: undefined, failure: 'Measuring was cancelled.', statistics: {} })
  const first = app.inspector.measure(['choices'])
  await app.inspector.measure(['repeats'])
  await first
  expect(measured()).toMatchObject({ progress: undefined, failure: undefined })
  expect(Object.keys(measured()?.statistics ?? {})).toEqual(['repeats'])
})
