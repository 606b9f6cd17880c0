import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OptionalColumn, Trace } from '../trace'
import { choiceCounts } from './choice-counts'
import { coActivation } from './co-activation'
import { computed } from './expected.fixture'
import type { RoutingFilter } from './filter'
import { measure } from './measure'
import { randomTrace } from './random-trace.fixture'
import { repeats } from './repeats'
import { routerLogits } from './router-logits'
import { routerWeights } from './router-weights'
import type { Statistic, Stretch } from './statistic'
import { plainTraces, take } from './trace.arbitrary'

/** A trace that notes what is read of it. */
function watched(trace: Trace) {
  const read: { from: number; to: number; columns: readonly OptionalColumn[] }[] = []
  const rows: Trace['rows'] = (from, to, columns = []) => {
    read.push({ from, to, columns })
    return trace.rows(from, to, columns)
  }
  return { read, trace: { ...trace, rows } }
}

const small = { tokens: 10, layers: 2, experts: 4, topK: 2 }

test('one pass serves all statistics, and reads only the columns that they need', async () => {
  const weighted = randomTrace(small, {
    expertWeights: new Float32Array(40).fill(0.5),
    routerLogits: new Float32Array(80)
  })
  const { read, trace } = watched(weighted)
  await measure(trace, { statistics: { choiceCounts, repeats }, stretchBytes: 32 })
  expect(read.map(({ from, to }) => [from, to])).toEqual([
    [0, 4],
    [4, 8],
    [8, 10]
  ])
  expect(read.flatMap(({ columns }) => columns)).toEqual([])
  read.length = 0
  await measure(trace, { statistics: { routerWeights, routerLogits, choiceCounts } })
  expect(read).toEqual([{ from: 0, to: 10, columns: ['expertWeights', 'routerLogits'] }])
})

test('what no statistic can be computed of is not read', async () => {
  const { read, trace } = watched(randomTrace(small))
  const measured = await measure(trace, { statistics: { routerLogits, routerWeights } })
  expect(Object.values(measured)).toEqual([
    { unavailable: 'needs router logits, which this trace does not have' },
    { unavailable: 'needs the weights of the experts, which this trace does not have' }
  ])
  expect(read).toEqual([])
})

test('stretches without a token of the filter are not read', async () => {
  const { read, trace } = watched(randomTrace(small))
  const filter = { ranges: [[8, 9]] as const }
  const { counts } = await measure(trace, { statistics: { counts: choiceCounts }, filter, stretchBytes: 16 })
  expect(read.map(({ from, to }) => [from, to])).toEqual([[8, 10]])
  expect(computed(counts).tokens).toBe(1)
})

test('tokens are numbered so that neighbours in a text, and no others, are one apart', async () => {
  await fc.assert(
    fc.asyncProperty(plainTraces(), fc.constantFrom(1, 60, 1e6), fc.func(fc.boolean()), async (plain, bytes, keeps) => {
      const kept = plain.tokens.filter(({ place }) => keeps(place))
      const filter: RoutingFilter = { ranges: kept.map(({ place }) => [place, place + 1]) }
      const orders: number[] = []
      const noting: Statistic<readonly number[]> = {
        begin: () => ({
          add: ({ order }: Stretch) => void orders.push(...order),
          result: () => orders
        })
      }
      await measure(plain.trace, { statistics: { noting }, filter, stretchBytes: bytes })
      expect(orders).toHaveLength(kept.length)
      const { tokens, pairs } = take(plain, filter)
      tokens.forEach((token, i) => {
        const follows = pairs.some(([, second]) => second === token)
        const step = (orders[i] ?? 0) - (orders[i - 1] ?? 0)
        if (follows) expect(step).toBe(1)
        else expect(step).toBeGreaterThan(1)
      })
    })
  )
})

test('progress counts the tokens of the trace', async () => {
  const reports: (readonly [number, number])[] = []
  const onProgress = (done: number, total: number) => void reports.push([done, total])
  const filter = { ranges: [[0, 1]] as const }
  await measure(randomTrace(small), { statistics: { choiceCounts }, filter, stretchBytes: 32, onProgress })
  expect(reports).toEqual([
    [4, 10],
    [8, 10],
    [10, 10]
  ])
})

test('a message that arrives meanwhile can stop it', async () => {
  const { read, trace } = watched(randomTrace({ ...small, tokens: 100 }))
  const controller = new AbortController()
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => controller.abort(new Error('enough'))
  const { signal } = controller
  const onProgress = (done: number) => done === 4 && port2.postMessage('stop')
  await expect(measure(trace, { statistics: { choiceCounts }, stretchBytes: 16, onProgress, signal })).rejects.toThrow(
    'enough'
  )
  port1.close()
  // The message may come after one more stretch, and one more may be read ahead; there are 50.
  expect(read.length).toBeLessThan(6)
})

test('what cannot be read is told, and nothing is left to fail unheard', async () => {
  const trace = randomTrace({ ...small, tokens: 100 })
  const rows: Trace['rows'] = (from, to) => (from < 4 ? trace.rows(from, to) : Promise.reject(new Error(`no ${from}`)))
  const broken = { ...trace, rows }
  await expect(measure(broken, { statistics: { choiceCounts }, stretchBytes: 16 })).rejects.toThrow('no 4')
  const failing: Statistic<number> = {
    begin: () => ({
      add: () => {
        throw new Error('cannot count')
      },
      result: () => 0
    })
  }
  await expect(measure(broken, { statistics: { failing }, stretchBytes: 32 })).rejects.toThrow('cannot count')
})

test('a trace without tokens has no statistics but zeros', async () => {
  const { counts, pairs } = await measure(randomTrace({ ...small, tokens: 0 }, { sequenceStarts: new Uint32Array() }), {
    statistics: { counts: choiceCounts, pairs: coActivation() }
  })
  expect(computed(counts)).toMatchObject({ tokens: 0, any: new Uint32Array(8) })
  expect(computed(pairs).together).toEqual(new Uint32Array(32))
})

test('results can be posted', async () => {
  const { counts } = await measure(randomTrace(small), { statistics: { counts: choiceCounts } })
  expect(structuredClone(counts)).toEqual(counts)
})

test('a filter that names what the trace lacks is refused', async () => {
  const expectRejected = (filter: RoutingFilter, message: string, more: Parameters<typeof randomTrace>[1] = {}) =>
    expect(measure(randomTrace(small, more), { statistics: { choiceCounts }, filter })).rejects.toThrow(message)
  await expectRejected({ layers: [2] }, 'expected a layer from 0 to 1, found 2')
  await expectRejected({ domains: [4] }, 'expected a domain from 0 to 3, found 4')
  await expectRejected({ experts: [{ layer: 0, expert: 4 }] }, 'expected an expert from 0 to 3, found 4')
  await expectRejected({ experts: [{ layer: -1, expert: 0 }] }, 'expected a layer from 0 to 1, found -1')
  await expectRejected({ ranges: [[3, 2]] }, 'tokens 3 to 2 are no range')
  await expectRejected({ tokenIds: [1] }, 'token ids are named, but the trace has none', { tokenIds: undefined })
  await expectRejected({ domains: [0] }, 'domains are named, but the trace has none', { domainIds: undefined })
})
