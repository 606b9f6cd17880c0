import fc from 'fast-check'
import { expect, test } from 'vitest'
import { balanceLoss } from './balance-loss'
import { computed, expectNumbers, mean } from './expected.fixture'
import { measure } from './measure'
import { randomTrace } from './random-trace.fixture'
import { routerLogits } from './router-logits'
import { measurements, sentTo, take } from './trace.arbitrary'

const statistics = { logits: routerLogits }

test('losses, confidence and entropy are means over the softmax of the logits', async () => {
  await fc.assert(
    fc.asyncProperty(measurements(), async ({ plain, filter, stretchBytes }) => {
      const found = computed((await measure(plain.trace, { statistics, filter, stretchBytes })).logits)
      const { tokens, layers } = take(plain, filter)
      const { experts, topK } = plain.trace
      const expected = layers.map((layer) => {
        const rows = tokens.map((token) => {
          const powers = (token.layers[layer]?.logits ?? []).map((logit) => Math.exp(logit))
          const total = powers.reduce((sum, power) => sum + power, 0)
          return { z: Math.log(total) ** 2, p: powers.map((power) => power / total), chosen: sentTo(token, layer) }
        })
        const probabilities = Array.from({ length: experts }, (_, e) => mean(rows.map(({ p }) => p[e] ?? 0)))
        const shares = probabilities.map((_, e) => mean(rows.map(({ chosen }) => Number(chosen.includes(e)))))
        const descending = rows.map(({ p }) => [...p].sort((a, b) => b - a))
        return {
          zLoss: mean(rows.map(({ z }) => z)),
          largest: mean(descending.map(([first = 0]) => first)),
          topKMass: mean(descending.map((p) => p.slice(0, topK).reduce((sum, each) => sum + each, 0))),
          entropy: mean(rows.map(({ p }) => -p.reduce((sum, each) => sum + each * Math.log2(each), 0))),
          probabilities,
          perToken: experts * shares.reduce((sum, f, e) => sum + f * (probabilities[e] ?? 0), 0)
        }
      })
      for (const name of ['zLoss', 'largest', 'topKMass', 'entropy'] as const) {
        expectNumbers(
          found[name],
          expected.map((each) => each[name])
        )
      }
      expectNumbers(
        found.probabilities,
        expected.flatMap(({ probabilities }) => probabilities)
      )
      expectNumbers(
        found.balanceLoss.map(({ perToken }) => perToken),
        expected.map(({ perToken }) => perToken)
      )
    })
  )
})

test('the balance loss of an even load is k by tokens and 1 by assignments', () => {
  const { perToken, perAssignment } = balanceLoss([25, 25, 25, 25], [12.5, 12.5, 12.5, 12.5], 50)
  expect([perToken, perAssignment]).toEqual([2, 1])
  // All on one expert that has all probability: E by either, since k is 1.
  expect(balanceLoss([50, 0, 0, 0], [50, 0, 0, 0], 50)).toEqual({ perToken: 4, perAssignment: 4 })
})

test('a router that prefers none has even probabilities, and one that is masked is no trouble', async () => {
  const even = randomTrace({ tokens: 30, experts: 4, topK: 2 }, { routerLogits: new Float32Array(120).fill(3) })
  const { largest, topKMass, entropy, zLoss } = computed((await measure(even, { statistics })).logits)
  expectNumbers([largest[0], topKMass[0], entropy[0], zLoss[0]].map(Number), [0.25, 0.5, 2, (3 + Math.log(4)) ** 2])
  const masked = Float32Array.from({ length: 120 }, (_, i) => (i % 4 < 2 ? 0 : Number.NEGATIVE_INFINITY))
  const half = randomTrace({ tokens: 30, experts: 4, topK: 2 }, { routerLogits: masked })
  const found = computed((await measure(half, { statistics })).logits)
  expectNumbers([found.largest[0], found.topKMass[0], found.entropy[0]].map(Number), [0.5, 1, 1])
})

test('without logits it says so', async () => {
  const { logits } = await measure(randomTrace({ tokens: 4, experts: 2, topK: 1 }), { statistics })
  expect(logits).toEqual({ unavailable: 'needs router logits, which this trace does not have' })
})
