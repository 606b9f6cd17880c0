import { compareTraces } from '@core/routing/statistics/agreement'
import { simulatedDrops } from '@core/routing/statistics/capacity'
import { choiceCounts } from '@core/routing/statistics/choice-counts'
import { measure } from '@core/routing/statistics/measure'
import { randomTrace } from '@core/routing/statistics/random-trace.fixture'
import { uniqueExperts } from '@core/routing/statistics/unique-experts'
import type { Trace } from '@core/routing/trace'
import { expect, test } from 'vitest'
import { createRoutingApi } from './routing-api'
import { capacityFactors, type InspectedPart } from './routing-protocol'
import { traceFileOf } from './trace-file.fixture'

const whole: InspectedPart = { domains: [], text: '', expert: undefined }
const silently = () => undefined
/** The same tokens, sent elsewhere by each seed. */
const [early, middle, late] = [1, 2, 3].map((seed) => {
  const { tokenIds, domainIds } = randomTrace({ tokens: 500, experts: 8, topK: 2 })
  return randomTrace({ tokens: 500, layers: 3, experts: 8, topK: 2, seed }, { tokenIds, domainIds })
}) as [Trace, Trace, Trace]

async function opened(...traces: readonly Trace[]) {
  const api = createRoutingApi()
  for (const [id, trace] of traces.entries()) {
    const { name, size, bytes } = await traceFileOf('t.safetensors', trace)
    await api.open(id, { name, size }, bytes, {})
  }
  return api
}

test('a batch of any size is counted, and every capacity factor simulated', async () => {
  const api = await opened(early)
  const found = await api.measure(0, ['unique-7', 'drops'], whole, silently)
  const statistics = { unique: uniqueExperts({ batch: 7 }), drops: simulatedDrops({ factor: 1.25 }) }
  const expected = await measure(early, { statistics })
  expect(found['unique-7']).toEqual(expected.unique)
  const { drops } = found
  expect(Array.isArray(drops) && drops[capacityFactors.indexOf(1.25)]).toEqual(expected.drops)
})

test('a training is followed checkpoint by checkpoint, each beside the last', async () => {
  const api = await opened(early, middle, late)
  const reports: number[] = []
  const followed = await api.follow([0, 1, 2], whole, (done) => reports.push(done))
  expect(followed.map(({ trace }) => trace)).toEqual([0, 1, 2])
  for (const [i, trace] of [early, middle, late].entries()) {
    expect(followed[i]?.choices).toEqual((await measure(trace, { statistics: { choiceCounts } })).choiceCounts)
    expect(followed[i]?.agreement).toEqual(await compareTraces(late, trace))
  }
  expect(followed[2]?.agreement).toMatchObject({ overlap: Float64Array.of(1, 1, 1) })
  expect(followed[0]?.logits).toEqual({ unavailable: 'needs router logits, which this trace does not have' })
  expect(reports).toEqual(reports.toSorted((a, b) => a - b))
  expect(reports.at(-1)).toBe(1)
})

test('the chosen part is followed, and a checkpoint that read another text says so', async () => {
  const other = randomTrace({ tokens: 500, layers: 3, experts: 8, topK: 2, seed: 9 })
  const api = await opened(early, other)
  const [first, last] = await api.follow([1, 0], { ...whole, domains: [2] }, silently)
  const inDomain = [...(early.domainIds ?? [])].filter((domain) => domain === 2).length
  expect(last?.choices.tokens).toBe(inDomain)
  expect(first?.agreement).toContain('the traces are of different texts')
  expect(await api.follow([], whole, silently)).toEqual([])
})
