import { expect, test } from 'vitest'
import { compute, largestDifference } from '../model/models.fixture'
import { best, columns, layerWith, normalRows, rowsOf, sumOf } from './plain.fixture'
import { reluRouter } from './relu'
import { routerSite } from './router-site.fixture'

const [tokens, experts, topK] = [20, 8, 2]
const logits = normalRows(tokens, experts)
const router = reluRouter.of(layerWith({ kind: 'relu' }, { experts, topK }), 8)

test('the experts with a logit above 0, weighted by it', () => {
  const { experts: chosen, gates, filled } = router.route(routerSite({ logits }))
  if (!filled) throw new Error('expected places without an expert')
  const found = compute({ chosen, gates, filled }, {})
  const rows = [rowsOf(found.chosen, experts), rowsOf(found.gates, experts), rowsOf(found.filled, experts)] as const
  for (const [token, row] of logits.entries()) {
    const own = best(row, experts).filter((expert) => (row[expert] ?? 0) > 0)
    expect(rows[0][token]?.slice(0, own.length)).toEqual(own)
    const expected = Array.from({ length: experts }, (_, place) => row[own[place] ?? -1] ?? 0)
    expect(largestDifference(rows[1][token], expected)).toBe(0)
    expect(rows[2][token]).toEqual(expected.map((gate) => Number(gate > 0)))
  }
})

test('the L1 loss weights the gates of an expert by its share of the load', () => {
  const site = routerSite({ logits, training: true, parameters: { lambda: [0.125] } })
  const losses = router.losses(router.route(site), { ...site, balanceLoss: 0.5, zLoss: 0 })
  const loss = losses.find(({ name }) => name === 'l1_loss')
  if (!loss || typeof loss.weight === 'number') throw new Error('expected a loss whose weight is a parameter')
  const found = compute({ value: loss.value, weight: loss.weight }, {})
  const gates = columns(logits).map((column) => column.filter((each) => each > 0))
  const expected = sumOf(gates.map((own) => ((experts * own.length) / (topK * tokens)) * (sumOf(own) / tokens)))
  expect(found.value?.[0]).toBeCloseTo(expected, 10)
  expect([...(found.weight ?? [])]).toEqual([0.125])
})

test.each([
  [
    'too many work',
    [
      [4, 4, 4, 4, 0, 0, 0, 0],
      [3, 3, 3, 3, 3, 3, 3, 3]
    ],
    1.2
  ],
  [
    'too few work',
    [
      [4, 4, 0, 0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1, 1, 1, 0]
    ],
    1 / 1.2
  ],
  [
    'as many as wanted',
    [
      [8, 4, 0, 0, 0, 0, 0, 0],
      [4, 0, 0, 0, 0, 0, 0, 0]
    ],
    1
  ]
])('lambda follows the sparsity of all layers: %s', (_, loads, factor) => {
  const all = loads.map((load) => Float32Array.from(load))
  const step = { load: all[0] ?? new Float32Array(), loads: all, tokens: 4, parameter: () => Float32Array.of(0.5) }
  expect(router.afterStep?.(step)).toEqual({ lambda: Float32Array.of(0.5 * factor) })
})
