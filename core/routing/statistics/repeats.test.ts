import fc from 'fast-check'
import { expect, test } from 'vitest'
import { computed, expectNumbers, shareOf } from './expected.fixture'
import { measure } from './measure'
import { randomTrace } from './random-trace.fixture'
import { repeats } from './repeats'
import { measurements, type PlainToken, sentTo, take } from './trace.arbitrary'

test('repeats are those of neighbours in one text', async () => {
  await fc.assert(
    fc.asyncProperty(measurements(), async ({ plain, filter, stretchBytes }) => {
      const measured = await measure(plain.trace, { statistics: { repeats }, filter, stretchBytes })
      const found = computed(measured.repeats)
      const { pairs, layers } = take(plain, filter)
      const first = (token: PlainToken, layer: number) => token.layers[layer]?.choices[0]
      const firstPairs = layers.map((layer) =>
        pairs.filter((pair) => pair.every((token) => first(token, layer) !== undefined))
      )
      const anyPairs = layers.map((layer) => pairs.filter((pair) => pair.every((token) => sentTo(token, layer).length)))
      expect([...found.firstPairs]).toEqual(firstPairs.map((each) => each.length))
      expect([...found.anyPairs]).toEqual(anyPairs.map((each) => each.length))
      const same = firstPairs.map((each, i) =>
        shareOf(each, ([a, b]) => first(a, layers[i] ?? 0) === first(b, layers[i] ?? 0))
      )
      const shared = anyPairs.map((each, i) =>
        shareOf(each, ([a, b]) => sentTo(a, layers[i] ?? 0).some((e) => sentTo(b, layers[i] ?? 0).includes(e)))
      )
      expectNumbers(found.first, same)
      expectNumbers(found.any, shared)
    })
  )
})

test('a text does not begin as the one before it ends', async () => {
  // One expert: every pair repeats, and there is one pair less for each text.
  const trace = randomTrace({ tokens: 10, experts: 1, topK: 1 }, { sequenceStarts: Uint32Array.of(0, 4, 5) })
  const measured = computed((await measure(trace, { statistics: { repeats } })).repeats)
  expect([measured.firstPairs[0], measured.anyPairs[0], measured.first[0], measured.any[0]]).toEqual([7, 7, 1, 1])
})

test('random routing repeats as its baselines say', async () => {
  const tokens = 40_000
  const measured = computed(
    (await measure(randomTrace({ tokens, experts: 8, topK: 2 }), { statistics: { repeats }, stretchBytes: 5000 }))
      .repeats
  )
  expect((100 * measured.baselines.any).toFixed(1)).toBe('46.4')
  for (const name of ['first', 'any'] as const) {
    const expected = measured.baselines[name]
    const error = Math.sqrt((expected * (1 - expected)) / tokens)
    expect(Math.abs((measured[name][0] ?? 0) - expected)).toBeLessThan(5 * error)
  }
})
