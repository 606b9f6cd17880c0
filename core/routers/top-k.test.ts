/** Top-k and its losses against what they are defined by, computed by hand. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MoeFeedForward } from '../arch/architecture'
import { topKRouterSpec } from '../arch/architecture'
import { compute, largestDifference } from '../model/models.fixture'
import { routerSite } from './router-site.fixture'
import { topKRouter } from './top-k'

const experts = 4
const rows = fc.array(
  fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: experts, maxLength: experts }),
  {
    minLength: 1,
    maxLength: 6
  }
)

describe.each([true, false])('gates are divided by their sum: %j', (normalised) => {
  test.each([1, 2, experts])('gates are softmax probabilities of the %i most probable experts', (topK) => {
    fc.assert(
      fc.property(rows, (logits) => {
        const { route } = topKRouter.of(shapeOf(topK, normalised), 8)
        const { experts: chosen, gates } = route(routerSite({ logits }))
        const found = compute({ chosen, gates }, {})
        logits.forEach((row, token) => {
          const p = probabilities(row)
          const best = [...row.keys()].sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0) || a - b).slice(0, topK)
          // Of two probabilities that are equal up to rounding either may be chosen.
          const expected = best.map((expert) => p[expert] ?? Number.NaN)
          const total = normalised ? expected.reduce((a, b) => a + b) : 1
          const at = (all: Float64Array | undefined) =>
            Array.from(all?.subarray(token * topK, (token + 1) * topK) ?? [])
          expect(
            largestDifference(
              at(found.chosen).map((expert) => p[expert] ?? 0),
              expected
            )
          ).toBeLessThan(1e-9)
          expect(
            largestDifference(
              at(found.gates),
              expected.map((each) => each / total)
            )
          ).toBeLessThan(1e-6)
        })
      }),
      { numRuns: 30 }
    )
  })
})

test('the load-balance loss is experts * sum(share * probability), the z-loss the mean square of logsumexp', () => {
  fc.assert(
    fc.property(rows, (logits) => {
      const router = topKRouter.of(shapeOf(2, true), 8)
      const site = routerSite({ logits })
      const losses = router.losses(router.route(site), { ...site, balanceLoss: 0.25, zLoss: 0.5 })
      expect(losses.map(({ name, weight }) => [name, weight])).toEqual([
        ['balance_loss', 0.25],
        ['z_loss', 0.5]
      ])
      const found = compute(Object.fromEntries(losses.map(({ name, value }) => [name, value])), {})
      const { chosen } = compute({ chosen: router.route(site).experts }, {})
      const all = logits.map(probabilities)
      const balance = Array.from({ length: experts }, (_, expert) => {
        const share = Array.from(chosen ?? []).filter((each) => each === expert).length / (2 * logits.length)
        return (experts * share * all.reduce((sum, p) => sum + (p[expert] ?? 0), 0)) / logits.length
      })
      const z = logits.map((row) => Math.log(row.reduce((sum, each) => sum + Math.exp(each), 0)) ** 2)
      expect(found.balance_loss?.[0]).toBeCloseTo(
        balance.reduce((a, b) => a + b),
        6
      )
      expect(found.z_loss?.[0]).toBeCloseTo(z.reduce((a, b) => a + b) / z.length, 6)
    }),
    { numRuns: 30 }
  )
})

function probabilities(row: readonly number[]): number[] {
  const exponentials = row.map((each) => Math.exp(each))
  const total = exponentials.reduce((a, b) => a + b)
  return exponentials.map((each) => each / total)
}

function shapeOf(topK: number, normalised: boolean): MoeFeedForward {
  return { kind: 'moe', experts, topK, expertWidth: 8, sharedWidth: 0, router: topKRouterSpec(normalised) }
}
