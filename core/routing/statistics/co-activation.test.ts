import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coActivation, coActivationShare, strongestPairs } from './co-activation'
import { computed } from './expected.fixture'
import { measure } from './measure'
import { randomTrace } from './random-trace.fixture'
import { measurements, sentTo, take } from './trace.arbitrary'

test('pairs are counted as one by one, all of them and those of adjacent ranks', async () => {
  await fc.assert(
    fc.asyncProperty(measurements(), async ({ plain, filter, stretchBytes }) => {
      const statistics = { all: coActivation(), adjacent: coActivation({ pairs: 'adjacent' }) }
      const measured = await measure(plain.trace, { statistics, filter, stretchBytes })
      const [all, adjacent] = [computed(measured.all), computed(measured.adjacent)]
      const { tokens, layers } = take(plain, filter)
      const { experts } = plain.trace
      layers.forEach((layer, place) => {
        for (let i = 0; i < experts; i++) {
          for (let j = 0; j < experts; j++) {
            const at = (place * experts + i) * experts + j
            const both = tokens.filter((token) => [i, j].every((expert) => sentTo(token, layer).includes(expert)))
            expect(all.together[at]).toBe(both.length)
            const beside = both.filter((token) => {
              const choices = token.layers[layer]?.choices ?? []
              return Math.abs(choices.indexOf(i) - choices.indexOf(j)) <= 1
            })
            expect(adjacent.together[at]).toBe(beside.length)
          }
        }
      })
    })
  )
})

test('random routing is together as its baselines say', async () => {
  const [tokens, experts, topK] = [30_000, 8, 4]
  const trace = randomTrace({ tokens, experts, topK })
  const statistics = { all: coActivation(), adjacent: coActivation({ pairs: 'adjacent' }) }
  const measured = await measure(trace, { statistics })
  for (const each of [computed(measured.all), computed(measured.adjacent)]) {
    const error = Math.sqrt((each.baseline * (1 - each.baseline)) / ((tokens * topK) / experts))
    for (let j = 1; j < experts; j++) {
      expect(Math.abs(coActivationShare(each, 0, 0, j) - each.baseline)).toBeLessThan(5 * error)
    }
  }
  expect(computed(measured.all).baseline).toBeCloseTo(3 / 7, 12)
})

test('the strongest pairs come first, without experts of a few tokens', async () => {
  // 0 and 1 are always together, 2 and 3 in half of their tokens; 4 and 5 are seen once.
  const times = (count: number, ids: readonly number[]) => Array.from({ length: count }, () => ids)
  const rows = [times(10, [0, 1]), times(5, [2, 3]), times(5, [2, 6]), times(5, [3, 7]), times(1, [4, 5])]
  const expertIds = Uint16Array.from(rows.flat(2))
  const trace = randomTrace({ tokens: expertIds.length / 2, experts: 8, topK: 2 }, { expertIds })
  const measured = computed((await measure(trace, { statistics: { pairs: coActivation() } })).pairs)
  expect(strongestPairs(measured, 0, 2)).toEqual([
    { experts: [0, 1], tokens: 10, shares: [1, 1] },
    { experts: [2, 3], tokens: 5, shares: [0.5, 0.5] }
  ])
  expect(strongestPairs(measured, 0, 1, 1)).toEqual([{ experts: [0, 1], tokens: 10, shares: [1, 1] }])
  expect(strongestPairs(measured, 0, 9, 1)).toHaveLength(5)
})

test('what takes too much memory is not begun', async () => {
  const trace = randomTrace({ tokens: 1, layers: 2, experts: 20_000, topK: 1 })
  const { pairs } = await measure(trace, { statistics: { pairs: coActivation() } })
  expect(pairs).toEqual({ unavailable: 'needs 4 GB of memory for so many experts: take fewer layers' })
})
