import { expect, test } from 'vitest'
import { compute } from '../model/models.fixture'
import { hashRouter } from './hash'
import { layerWith, normalRows, rowsOf } from './plain.fixture'
import { routerSite } from './router-site.fixture'

const experts = 8
const vocabulary = [...Array(200).keys()]
const zeros = (count: number) => Array.from({ length: count }, () => new Array<number>(experts).fill(0))

function expertsOf(tokens: readonly number[], seed = 1): number[][] {
  const router = hashRouter.of(layerWith({ kind: 'hash', seed }, { experts }), 8)
  // As in a model of this vocabulary, whatever the text.
  const site = { ...routerSite({ logits: zeros(tokens.length), tokens }), vocabularySize: vocabulary.length }
  const { experts: chosen, gates } = router.route(site)
  const found = compute({ chosen, gates }, {})
  expect([...(found.gates ?? [])]).toEqual(new Array(2 * tokens.length).fill(0.5))
  return rowsOf(found.chosen, 2)
}

test('a token has the same experts wherever it stands and whatever is around it', () => {
  const all = expertsOf(vocabulary)
  const text = [3, 1, 199, 1, 3, 0]
  expect(expertsOf(text)).toEqual(text.map((token) => all[token]))
})

test('every expert has about its share of the vocabulary', () => {
  const counts = zeros(1)[0] ?? []
  for (const expert of expertsOf(vocabulary).flat()) counts[expert] = (counts[expert] ?? 0) + 1
  // 50 are expected, with a deviation of sqrt(400 / 8 * 7 / 8) = 6.6.
  expect(Math.min(...counts)).toBeGreaterThan(50 - 4 * 6.6)
  expect(Math.max(...counts)).toBeLessThan(50 + 4 * 6.6)
})

test('another seed is another hash, and the router has neither a matrix nor losses', () => {
  expect(expertsOf(vocabulary, 2)).not.toEqual(expertsOf(vocabulary, 1))
  const router = hashRouter.of(layerWith({ kind: 'hash' }), 8)
  expect([router.matrix, router.parameters]).toEqual([false, []])
  const site = routerSite({ logits: normalRows(2, 8) })
  expect(router.losses(router.route(site), { ...site, balanceLoss: 1, zLoss: 1 })).toEqual([])
})
