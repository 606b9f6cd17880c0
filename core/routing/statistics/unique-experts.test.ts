import fc from 'fast-check'
import { expect, test } from 'vitest'
import { computed, expectNumbers, mean } from './expected.fixture'
import { measure } from './measure'
import { randomTrace } from './random-trace.fixture'
import { measurements, sentTo, take } from './trace.arbitrary'
import { uniqueExperts } from './unique-experts'

test('whole batches reach the union of the experts of their tokens', async () => {
  await fc.assert(
    fc.asyncProperty(measurements(), fc.integer({ min: 1, max: 9 }), async ({ plain, filter, stretchBytes }, batch) => {
      const statistics = { unique: uniqueExperts({ batch }) }
      const found = computed((await measure(plain.trace, { statistics, filter, stretchBytes })).unique)
      const { tokens, layers } = take(plain, filter)
      const batches = Array.from({ length: Math.floor(tokens.length / batch) }, (_, i) =>
        tokens.slice(i * batch, (i + 1) * batch)
      )
      expect(found.batches).toBe(batches.length)
      const sizes = (layer: number) =>
        batches.map((each) => new Set(each.flatMap((token) => sentTo(token, layer))).size)
      expectNumbers(
        found.unique,
        layers.map((layer) => mean(sizes(layer)))
      )
    })
  )
})

test('random routing reaches as many as the closed form says', async () => {
  const [tokens, experts, topK] = [32_000, 32, 4]
  const trace = randomTrace({ tokens, experts, topK })
  for (const batch of [1, 2, 8, 32]) {
    const { unique } = await measure(trace, { statistics: { unique: uniqueExperts({ batch }) } })
    const { unique: found, baseline, batches } = computed(unique)
    // Reached or not, each expert varies by at most a quarter; that they exclude each other makes it less.
    const error = Math.sqrt(experts / 4 / batches)
    expect(Math.abs((found[0] ?? 0) - baseline)).toBeLessThan(5 * error)
  }
})

test('a batch is a whole number of tokens', () => {
  expect(() => uniqueExperts({ batch: 0 })).toThrow('expected a batch of 1 token or more, found 0')
  expect(() => uniqueExperts({ batch: 1.5 })).toThrow(RangeError)
})
