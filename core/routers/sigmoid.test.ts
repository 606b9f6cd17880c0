import { expect, test } from 'vitest'
import { compute, largestDifference } from '../model/models.fixture'
import { best, columns, layerWith, normalRows, rowsOf, sigmoidOf, sumOf } from './plain.fixture'
import { routerSite } from './router-site.fixture'
import { sigmoidRouter } from './sigmoid'

const [tokens, experts, topK] = [30, 16, 3]
const [groups, used, factor] = [8, 4, 2.5]
const logits = normalRows(tokens, experts)
const bias = normalRows(1, experts, 'model/bias', 0.3)[0] ?? []
const layer = layerWith({ kind: 'sigmoid' }, { experts, topK })
const router = sigmoidRouter.of(layer, 8)
const site = routerSite({ logits, sequences: 3, parameters: { e_score_correction_bias: bias }, training: true })

/** By the paper's rule, one token after the other. */
const expected = logits.map((row) => {
  const scores = row.map(sigmoidOf)
  const biased = scores.map((score, expert) => score + (bias[expert] ?? 0))
  const groupOf = (expert: number) => Math.floor((expert * groups) / experts)
  const ofGroups = Array.from({ length: groups }, (_, group) => {
    const own = biased.filter((_, expert) => groupOf(expert) === group)
    return sumOf(own.sort((a, b) => b - a).slice(0, 2))
  })
  const usable = best(ofGroups, used)
  const chosen = best(
    biased.map((score, expert) => (usable.includes(groupOf(expert)) ? score : Number.NEGATIVE_INFINITY)),
    topK
  )
  const total = sumOf(chosen.map((expert) => scores[expert] ?? 0))
  return { chosen, free: best(biased, topK), gates: chosen.map((expert) => (factor * (scores[expert] ?? 0)) / total) }
})

test('the best biased scores within the best groups, gates that sum to the factor', () => {
  const { experts: chosen, gates } = router.route(site)
  const found = compute({ chosen, gates }, {})
  expect(rowsOf(found.chosen, topK)).toEqual(expected.map((each) => each.chosen))
  expect(
    largestDifference(
      found.gates,
      expected.flatMap((each) => each.gates)
    )
  ).toBeLessThan(1e-12)
  // The groups matter for some of the tokens.
  expect(expected.filter(({ chosen, free }) => chosen.join() !== free.join()).length).toBeGreaterThan(2)
})

test('the sequence-wise balance loss is the mean over sequences of sum(f P)', () => {
  const losses = router.losses(router.route(site), { ...site, balanceLoss: 0.5, zLoss: 0 })
  expect(losses.map(({ name, weight }) => [name, weight])).toContainEqual(['sequence_balance_loss', 0.0001])
  const value = losses.find(({ name }) => name === 'sequence_balance_loss')?.value
  if (!value) throw new Error('the loss is missing')
  const ofSequences = [0, 1, 2].map((sequence) => {
    const own = [...logits.keys()].filter((token) => Math.floor(token / 10) === sequence)
    const shares = own.map((token) => {
      const scores = (logits[token] ?? []).map(sigmoidOf)
      return scores.map((score) => score / sumOf(scores))
    })
    return sumOf(
      columns(shares).map((column, expert) => {
        const chosen = own.filter((token) => expected[token]?.chosen.includes(expert)).length
        return ((experts * chosen) / (topK * own.length)) * (sumOf(column) / own.length)
      })
    )
  })
  expect(compute({ value }, {}).value?.[0]).toBeCloseTo(sumOf(ofSequences) / 3, 10)
})

test('a bias moves against the load after a step', () => {
  const step = { load: Float32Array.of(4, 0, 2, 2), loads: [], tokens: 4, parameter: () => new Float32Array(4) }
  const four = sigmoidRouter.of(
    layerWith({ kind: 'sigmoid', n_group: 2, topk_group: 1, update_rate: 0.5 }, { experts: 4 }),
    8
  )
  expect(four.afterStep?.(step)).toEqual({ e_score_correction_bias: Float32Array.of(-0.5, 0.5, 0, 0) })
})

test.each([
  [{ n_group: 5 }, /n_group: expected a divisor of 16 \(the experts\), found 5/],
  [{ n_group: 2, topk_group: 3 }, /topk_group: expected at most 2 \(the groups\), found 3/],
  [{ n_group: 16, topk_group: 2 }, /topk_group: expected at least 3, for top-3, found 2/]
])('groups that do not fit the experts are refused: %j', (settings, message) => {
  expect(() => sigmoidRouter.of(layerWith({ kind: 'sigmoid', ...settings }, { experts, topK }), 8)).toThrow(message)
})
