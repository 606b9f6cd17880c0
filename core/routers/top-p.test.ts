import { expect, test } from 'vitest'
import { compute, largestDifference } from '../model/models.fixture'
import { best, layerWith, normalRows, rowsOf, softmaxOf, sumOf } from './plain.fixture'
import { routerSite } from './router-site.fixture'
import { topPRouter } from './top-p'

const [tokens, experts] = [30, 6]
const logits = normalRows(tokens, experts)

test.each([0.1, 0.4, 0.7, 1])('the fewest experts whose probabilities reach %d', (threshold) => {
  const router = topPRouter.of(layerWith({ kind: 'top-p', threshold }, { experts }), 8)
  const { experts: chosen, gates } = router.route(routerSite({ logits }))
  const found = compute({ chosen, gates }, {})
  const numbers = logits.map((row, token) => {
    const p = softmaxOf(row)
    const sorted = best(p, experts)
    const reached = (count: number) => sumOf(sorted.slice(0, count).map((expert) => p[expert] ?? 0)) >= threshold
    const count = [1, 2, 3, 4, 5].find(reached) ?? experts
    const expected = sorted.map((expert, place) => (place < count ? (p[expert] ?? 0) : 0))
    expect(rowsOf(found.chosen, experts)[token]).toEqual(sorted)
    expect(largestDifference(rowsOf(found.gates, experts)[token], expected)).toBeLessThan(1e-12)
    return count
  })
  // Tokens differ in it, but at the ends.
  expect(new Set(numbers).size > 1).toBe(threshold > 0.1 && threshold < 1)
})

test('the entropy of the probabilities is a loss', () => {
  const router = topPRouter.of(layerWith({ kind: 'top-p' }, { experts }), 8)
  const site = routerSite({ logits, training: true })
  const losses = router.losses(router.route(site), { ...site, balanceLoss: 0.5, zLoss: 0.25 })
  expect(losses.map(({ name, weight }) => [name, weight])).toEqual([
    ['balance_loss', 0.5],
    ['z_loss', 0.25],
    ['entropy_loss', 0.0001]
  ])
  const value = losses.at(-1)?.value
  if (!value) throw new Error('the loss is missing')
  const entropies = logits.map((row) => -sumOf(softmaxOf(row).map((p) => p * Math.log(p))))
  expect(compute({ value }, {}).value?.[0]).toBeCloseTo(sumOf(entropies) / tokens, 10)
})
