import fc from 'fast-check'
import { expect, test } from 'vitest'
import { domainSpecialisation } from './domain-specialisation'
import { computed, expectNumbers } from './expected.fixture'
import { measure } from './measure'
import { randomTrace } from './random-trace.fixture'
import { measurements, sentTo, take } from './trace.arbitrary'

const statistics = { domains: domainSpecialisation }

test('shares of tokens and of assignments are as counted one by one', async () => {
  await fc.assert(
    fc.asyncProperty(measurements(), async ({ plain, filter, stretchBytes }) => {
      const found = computed((await measure(plain.trace, { statistics, filter, stretchBytes })).domains)
      const { tokens, layers } = take(plain, filter)
      const { experts } = plain.trace
      const cells = layers.flatMap((layer) =>
        [0, 1, 2].flatMap((domain) => {
          const here = tokens.filter((token) => token.domain === domain)
          const choices = here.flatMap((token) => sentTo(token, layer))
          return Array.from({ length: experts }, (_, expert) => {
            const count = choices.filter((choice) => choice === expert).length
            const first = here.filter((token) => token.layers[layer]?.choices[0] === expert).length
            return { count, first, ofTokens: count / here.length, ofAssignments: count / choices.length }
          })
        })
      )
      expect([...found.any]).toEqual(cells.map(({ count }) => count))
      expect([...found.first]).toEqual(cells.map(({ first }) => first))
      expectNumbers(
        found.ofTokens,
        cells.map(({ ofTokens }) => ofTokens)
      )
      expectNumbers(
        found.ofAssignments,
        cells.map(({ ofAssignments }) => ofAssignments)
      )
      expect([...found.tokens]).toEqual([0, 1, 2].map((domain) => tokens.filter((t) => t.domain === domain).length))
    })
  )
})

test('domains that random routing knows nothing of have its baselines, and tell nothing', async () => {
  const [tokens, experts, topK, domains] = [40_000, 8, 2, 4]
  const found = computed((await measure(randomTrace({ tokens, experts, topK, domains }), { statistics })).domains)
  expect(found.baselines).toEqual({ ofTokens: 0.25, ofAssignments: 0.125 })
  const error = Math.sqrt((0.25 * 0.75) / (tokens / domains))
  for (const share of found.ofTokens) expect(Math.abs(share - 0.25)).toBeLessThan(5 * error)
  for (const share of found.ofAssignments) expect(Math.abs(share - 0.125)).toBeLessThan(2.5 * error)
  // 21 degrees of freedom: the standard deviation of the bias is its mean times sqrt(2 / 21).
  const bias = 21 / (2 * tokens * Math.LN2)
  expect(Math.abs(found.information.first[0]?.corrected ?? 1)).toBeLessThan(5 * bias * Math.sqrt(2 / 21))
})

test('experts that are chosen by domain tell all of it', async () => {
  const domainIds = Uint8Array.from({ length: 400 }, (_, token) => token % 4)
  const expertIds = Uint16Array.from(domainIds, (domain) => 7 - domain)
  const trace = randomTrace({ tokens: 400, experts: 8, topK: 1 }, { domainIds, expertIds })
  const found = computed((await measure(trace, { statistics })).domains)
  const { plugIn, labelEntropy, expertEntropy } = found.information.any[0] ?? {}
  expectNumbers([plugIn, labelEntropy, expertEntropy].map(Number), [2, 2, 2])
})

test('without domains it says so', async () => {
  const trace = randomTrace({ tokens: 4, experts: 2, topK: 1 }, { domainIds: undefined, domains: [] })
  expect((await measure(trace, { statistics })).domains).toEqual({
    unavailable: 'needs the domain of each token, which this trace does not have'
  })
})
