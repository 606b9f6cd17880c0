import { expect, test } from 'vitest'
import { compute, largestDifference } from '../model/models.fixture'
import { capacityRouter } from './capacity'
import { best, layerWith, normalRows, rowsOf, softmaxOf, sumOf } from './plain.fixture'
import { routerSite } from './router-site.fixture'
import { expertLoad } from './routing'

const [tokens, experts] = [24, 4]
// Uneven, so that some experts are full.
const logits = normalRows(tokens, experts).map((row) => row.map((each, expert) => each - expert))

test.each([
  [1, 1],
  [2, 1],
  [2, 1.25],
  [2, 1.3]
])('top-%i: an expert takes its first %d even shares of the choices and drops the others, exactly', (topK, factor) => {
  const shape = layerWith({ kind: 'capacity', capacity_factor: factor, normalise_gates: topK > 1 }, { experts, topK })
  const site = routerSite({ logits, training: true })
  const { experts: chosen, gates, filled, dropped, ...others } = capacityRouter.of(shape, 8).route(site)
  if (!filled || !dropped) throw new Error('expected places without an expert')
  const load = expertLoad({ ...others, experts: chosen, gates, filled, dropped })
  const found = compute({ chosen, gates, filled, dropped, load }, {})
  const room = Math.ceil((factor * tokens * topK) / experts)
  const taken = new Array<number>(experts).fill(0)
  const wanted = new Array<number>(experts).fill(0)
  const expected = logits.flatMap((row) => {
    const p = softmaxOf(row)
    const choices = best(row, topK)
    const total = topK > 1 ? sumOf(choices.map((each) => p[each] ?? 0)) : 1
    return choices.map((expert) => {
      wanted[expert] = (wanted[expert] ?? 0) + 1
      if ((taken[expert] ?? 0) === room) return 0
      taken[expert] = (taken[expert] ?? 0) + 1
      return (p[expert] ?? 0) / total
    })
  })
  expect(Math.max(...wanted)).toBeGreaterThan(room)
  expect(largestDifference(found.gates, expected)).toBeLessThan(1e-12)
  expect([...(found.filled ?? [])]).toEqual(expected.map((gate) => Number(gate > 0)))
  expect([...(found.dropped ?? [])]).toEqual(expected.map((gate) => Number(gate === 0)))
  expect(sumOf([...(found.dropped ?? [])])).toBe(sumOf(wanted.map((each) => Math.max(0, each - room))))
  expect([...(found.load ?? [])]).toEqual(wanted)
  expect(rowsOf(found.chosen, topK)).toEqual(logits.map((row) => best(row, topK)))
})

test('a model that is measured or generates drops none', () => {
  const shape = layerWith({ kind: 'capacity', capacity_factor: 0.25 }, { experts })
  const { filled, dropped } = capacityRouter.of(shape, 8).route(routerSite({ logits }))
  expect([filled, dropped]).toEqual([undefined, undefined])
})
