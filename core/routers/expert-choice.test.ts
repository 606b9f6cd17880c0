import { expect, test } from 'vitest'
import { values } from '../graph/tensor'
import { evaluation } from '../model/evaluation'
import { groupedExperts } from '../model/experts/grouped'
import { clearWeights, compute, largestDifference, modelWith, randomBatch } from '../model/models.fixture'
import { expertChoiceRouter } from './expert-choice'
import { best, columns, layerWith, normalRows, rowsOf, softmaxOf } from './plain.fixture'
import { routerSite } from './router-site.fixture'
import { expertLoad } from './routing'

const [tokens, experts] = [24, 4]
const logits = normalRows(tokens, experts).map((row) => row.map((each, expert) => each - 2 * expert))
const scores = logits.map(softmaxOf)

test.each([1, 2, 3])(
  'each expert takes its c T / E best tokens, c %i: all are filled, however uneven the scores',
  (topK) => {
    const router = expertChoiceRouter.of(layerWith({ kind: 'expert-choice' }, { experts, topK }), 8)
    const routing = router.route(routerSite({ logits, training: true }))
    const found = compute({ experts: routing.experts, gates: routing.gates, load: expertLoad(routing) }, {})
    const room = (topK * tokens) / experts
    expect([...(found.load ?? [])]).toEqual(new Array(experts).fill(room))
    const taken = columns(scores).map((column) => best(column, room))
    const [chosen, gates] = [rowsOf(found.experts, experts), rowsOf(found.gates, experts)]
    for (const [token, row] of scores.entries()) {
      const own = best(row, experts).filter((expert) => taken[expert]?.includes(token))
      const filled = (gates[token] ?? []).filter((gate) => gate > 0)
      expect(chosen[token]?.slice(0, own.length)).toEqual(own)
      expect(
        largestDifference(
          filled,
          own.map((expert) => row[expert] ?? 0)
        )
      ).toBeLessThan(1e-12)
    }
  }
)

test('in training a token feels those after it, and else it does not', () => {
  const architecture = modelWith('expert-choice')
  const parameters = clearWeights(architecture)
  const { tokens: text, targets } = randomBatch(architecture, 16)
  if (!text || !targets) throw new Error('unreachable')
  const nats = (training: boolean, last: number) => {
    const changed = { ...text, data: text.data.with(7, last) }
    const flat = values('float32', [parameters.length], parameters)
    const graph = evaluation(architecture, groupedExperts, { batch: 2, context: 8, training })
    return compute(graph, { parameters: flat, tokens: changed, targets }, ['nats']).nats ?? new Float64Array()
  }
  const earlier = (all: Float64Array) => [...all.subarray(0, 7)]
  expect(earlier(nats(false, 1))).toEqual(earlier(nats(false, 2)))
  expect(earlier(nats(true, 1))).not.toEqual(earlier(nats(true, 2)))
})

test('while a model is measured or generates a token takes its own best k experts', () => {
  const router = expertChoiceRouter.of(layerWith({ kind: 'expert-choice' }, { experts }), 8)
  const { experts: chosen, gates } = router.route(routerSite({ logits }))
  const found = compute({ chosen, gates }, {})
  expect(rowsOf(found.chosen, 2)).toEqual(scores.map((row) => best(row, 2)))
  const expected = scores.flatMap((row) => best(row, 2).map((expert) => row[expert] ?? 0))
  expect(largestDifference(found.gates, expected)).toBeLessThan(1e-12)
})
