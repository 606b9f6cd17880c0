import fc from 'fast-check'
import { expect, test } from 'vitest'
import { computed, expectNumbers, mean } from './expected.fixture'
import { measure } from './measure'
import { randomTrace } from './random-trace.fixture'
import { routerWeights } from './router-weights'
import { measurements, take } from './trace.arbitrary'

const statistics = { weights: routerWeights }

test('confidence and entropy are those of the weights of the experts that were not dropped', async () => {
  await fc.assert(
    fc.asyncProperty(measurements(), async ({ plain, filter, stretchBytes }) => {
      const found = computed((await measure(plain.trace, { statistics, filter, stretchBytes })).weights)
      const { tokens, layers } = take(plain, filter)
      const expected = layers.map((layer) => {
        const rows = tokens.flatMap(({ layers }) => {
          const row = layers[layer]
          const kept = row?.weights.filter((_, i) => row.choices[i] !== undefined) ?? []
          return kept.length > 0 ? [kept] : []
        })
        const sums = rows.map((row) => row.reduce((sum, weight) => sum + weight, 0))
        const shares = rows.map((row, i) => row.map((weight) => weight / (sums[i] ?? 0)))
        return {
          largest: mean(shares.map((row) => Math.max(...row))),
          entropy: mean(shares.map((row) => row.reduce((sum, share) => sum - share * Math.log2(share), 0))),
          sum: mean(sums)
        }
      })
      for (const name of ['largest', 'entropy', 'sum'] as const) {
        expectNumbers(
          found[name],
          expected.map((each) => each[name])
        )
      }
    })
  )
})

test('without weights it says so', async () => {
  const { weights } = await measure(randomTrace({ tokens: 4, experts: 2, topK: 1 }), { statistics })
  expect(weights).toEqual({ unavailable: 'needs the weights of the experts, which this trace does not have' })
})
