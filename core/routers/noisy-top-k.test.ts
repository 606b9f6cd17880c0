import { expect, test } from 'vitest'
import { compute, largestDifference } from '../model/models.fixture'
import { noisyTopKRouter } from './noisy-top-k'
import { best, columns, layerWith, normalRows, rowsOf, softmaxOf, sumOf } from './plain.fixture'
import { routerSite } from './router-site.fixture'

const [tokens, experts, topK, width] = [40, 6, 2, 3]
const logits = normalRows(tokens, experts)
const noise = normalRows(tokens, experts, 'model/noise')
const x = normalRows(tokens, width, 'model/x')
const matrix = normalRows(width, experts, 'model/parameters')
const router = noisyTopKRouter.of(layerWith({ kind: 'noisy-top-k' }, { experts, topK }), width)
const site = routerSite({ logits, noise, x, parameters: { noise: matrix }, training: true })

/** Standard deviations `softplus(x W_noise)`, in the authors' code never below 0.01. */
const deviations = x.map((row) =>
  columns(matrix).map((column) => Math.log1p(Math.exp(sumOf(row.map((each, i) => each * (column[i] ?? 0))))) + 0.01)
)
const noisy = logits.map((row, t) => row.map((each, e) => each + (noise[t]?.[e] ?? 0) * (deviations[t]?.[e] ?? 0)))

test('the k largest noisy logits, and a softmax over them', () => {
  const { experts: chosen, gates } = router.route(site)
  const found = compute({ chosen, gates }, {})
  expect(rowsOf(found.chosen, topK)).toEqual(noisy.map((row) => best(row, topK)))
  const expected = noisy.flatMap((row) => softmaxOf(best(row, topK).map((each) => row[each] ?? 0)))
  expect(largestDifference(found.gates, expected)).toBeLessThan(1e-12)
  expect(noisy.map((row) => best(row, topK))).not.toEqual(logits.map((row) => best(row, topK)))
})

test('without training there is no noise', () => {
  const { experts: chosen } = router.route(routerSite({ logits }))
  expect(rowsOf(compute({ chosen }, {}).chosen, topK)).toEqual(logits.map((row) => best(row, topK)))
})

test('the losses are the squared variations of the summed gates and of the probabilities of being chosen', () => {
  const losses = router.losses(router.route(site), { ...site, balanceLoss: 0.5, zLoss: 0 })
  expect(losses.map(({ name, weight }) => [name, weight])).toEqual([
    ['balance_loss', 0],
    ['z_loss', 0],
    ['importance_loss', 0.1],
    ['load_loss', 0.1]
  ])
  const found = compute(Object.fromEntries(losses.map(({ name, value }) => [name, value])), {})
  const gates = noisy.map((row) => {
    const chosen = best(row, topK)
    const p = softmaxOf(chosen.map((each) => row[each] ?? 0))
    return row.map((_, expert) => p[chosen.indexOf(expert)] ?? 0)
  })
  expect(found.importance_loss?.[0]).toBeCloseTo(squaredVariation(columns(gates).map(sumOf)), 10)
  const chances = noisy.map((row, t) =>
    row.map((_, expert) => {
      // Appendix A, equation 9: the kth largest of the others.
      const others = row.filter((_, other) => other !== expert).sort((a, b) => b - a)
      return normalBelow(((logits[t]?.[expert] ?? 0) - (others[topK - 1] ?? 0)) / (deviations[t]?.[expert] ?? 0))
    })
  )
  expect(found.load_loss?.[0]).toBeCloseTo(squaredVariation(columns(chances).map(sumOf)), 6)
})

test('with every expert for every token there is no load to smooth', () => {
  const all = noisyTopKRouter.of(layerWith({ kind: 'noisy-top-k' }, { experts, topK: experts }), width)
  const names = all.losses(all.route(site), { ...site, balanceLoss: 0, zLoss: 0 }).map(({ name }) => name)
  expect(names).toEqual(['balance_loss', 'z_loss', 'importance_loss'])
})

function squaredVariation(row: readonly number[]): number {
  const mean = sumOf(row) / row.length
  return sumOf(row.map((each) => (each - mean) ** 2)) / row.length / mean ** 2
}

/** The standard normal distribution, by Simpson's rule. */
function normalBelow(z: number): number {
  const [from, steps] = [-12, 4000]
  const h = (z - from) / steps
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)
  const terms = Array.from(
    { length: steps + 1 },
    (_, i) => density(from + i * h) * (i % steps === 0 ? 1 : i % 2 ? 4 : 2)
  )
  return (h / 3) * sumOf(terms)
}
