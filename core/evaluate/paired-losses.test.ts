import { expect, test } from 'vitest'
import type { Windows } from '../corpus'
import { uncounted } from '../corpus'
import { createRandom } from '../random'
import { addNats, changesOf, countCharacters, lossesOf, windowSums } from './paired-losses'

const context = 4

/** Windows of domains 0 and 1, two characters each, or as they are given. */
function windowsOf(count: number, domains = Array.from({ length: count }, () => [0, 0, 1, 1]).flat()): Windows {
  const nothing = new Int32Array(count * context)
  return { count, context, tokens: nothing, targets: nothing, domains: Uint8Array.from(domains) }
}

function sumsOf(windows: Windows, nats: readonly number[]) {
  const sums = windowSums(windows)
  // In two batches, of which the second is filled up.
  addNats(sums, windows, 0, nats.slice(0, context))
  addNats(sums, windows, 1, [...nats.slice(context), 9, 9, 9, 9])
  return sums
}

test('losses are means over counted characters, of all and of each domain', () => {
  const windows = windowsOf(2, [0, 0, 1, uncounted, 0, uncounted, 1, 1])
  const sums = sumsOf(windows, [1, 2, 3, 100, 4, 100, 5, 6])
  expect(lossesOf(sums, countCharacters(windows))).toEqual({
    loss: 21 / 6,
    tokens: 6,
    domains: { fact: { loss: 7 / 3, tokens: 3 }, dict: { loss: 14 / 3, tokens: 3 } }
  })
})

test('with equal windows the standard error is that of a mean of paired differences', () => {
  const count = 50
  const windows = windowsOf(count)
  const random = createRandom(1, 'paired')
  const before = Array.from({ length: count * context }, random.normal)
  const after = before.map((each) => each + 0.1 + random.normal())
  const [a, b] = [sumsOf(windows, before), sumsOf(windows, after)]
  const changes = changesOf(b, a, countCharacters(windows))
  const means = (from: number, to: number) =>
    Array.from({ length: count }, (_, window) => {
      const places = Array.from({ length: to - from }, (_, i) => window * context + from + i)
      return places.reduce((sum, i) => sum + (after[i] ?? 0) - (before[i] ?? 0), 0) / places.length
    })
  for (const [found, differences] of [
    [changes, means(0, 4)],
    [changes.domains.fact, means(0, 2)],
    [changes.domains.dict, means(2, 4)]
  ] as const) {
    const mean = differences.reduce((sum, each) => sum + each, 0) / count
    const variance = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (count - 1)
    expect(found?.delta).toBeCloseTo(mean, 12)
    expect(found?.standardError).toBeCloseTo(Math.sqrt(variance / count), 12)
  }
})

test('with windows of different sizes it is the spread of the ratio over samples', () => {
  const random = createRandom(2, 'paired')
  const count = 40
  const sample = () => {
    const domains = Array.from({ length: count }, () => {
      const size = 1 + random.integer(context)
      return Array.from({ length: context }, (_, i) => (i < size ? 0 : uncounted))
    }).flat()
    const windows = windowsOf(count, domains)
    // Characters of a window change together: taken as independent they would seem surer than they are.
    const shifts = Array.from({ length: count }, random.normal)
    const after = domains.map((_, i) => 0.5 + (shifts[Math.floor(i / context)] ?? 0))
    return changesOf(sumsOf(windows, after), windowSums(windows), countCharacters(windows))
  }
  const samples = Array.from({ length: 1000 }, sample)
  const spread = Math.sqrt(samples.reduce((sum, { delta }) => sum + (delta - 0.5) ** 2, 0) / samples.length)
  const expected = samples.reduce((sum, { standardError }) => sum + (standardError ?? Number.NaN), 0) / samples.length
  expect(Math.abs(expected / spread - 1)).toBeLessThan(0.1)
})

test('a domain of one window has a change and no standard error; none of an absent domain', () => {
  const windows = windowsOf(2, [0, 0, 1, 1, 0, 0, 0, 0])
  const changes = changesOf(sumsOf(windows, [1, 1, 2, 2, 1, 1, 1, 1]), windowSums(windows), countCharacters(windows))
  expect(changes.domains.dict).toEqual({ loss: 2, tokens: 2, delta: 2, standardError: null })
  expect(Object.keys(changes.domains)).toEqual(['fact', 'dict'])
})
