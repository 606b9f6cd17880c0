import { expect, test } from 'vitest'
import { sweepBudgets } from './budgets'
import { sweptFamilies } from './effective'
import { sweptRun } from './swept-run.fixture'

/** Losses of three seeds whose mean is the given one. */
const seeds = (kind: 'dense' | 'moe', width: number, mean: number) =>
  [-0.001, 0, 0.001].map((off, seed) => sweptRun({ kind, width, seed, loss: mean + off }))

test('an MoE model with the loss of a dense size is worth that size, and its rivals of that size are the best', () => {
  const dense = [16, 32, 48].flatMap((width, i) => seeds('dense', width, 3 - 0.5 * i))
  // The same size with another setting, which learnt less.
  const worse = seeds('dense', 32, 2.9).map((run) => ({
    ...run,
    varied: { ...run.varied, 'recipe.learning_rate': 0.1 }
  }))
  const [family, other] = sweptFamilies([...dense, ...worse, ...seeds('moe', 16, 2.5)])
  expect(other).toBeUndefined()
  expect(family?.dense.map(({ loss }) => loss)).toEqual([3, 2.5, 2].map((loss) => expect.closeTo(loss, 9)))
  const [model] = family?.moe ?? []
  const middle = dense[3]?.size.total ?? Number.NaN
  expect(model?.worth.effective).toMatchObject({ kind: 'interval', estimate: expect.closeTo(middle, 6) })
  expect(model?.worth.perActive.estimate).toBeCloseTo(middle / (model?.active ?? Number.NaN), 9)
})

test('models that read another amount are no measure', () => {
  const dense = [16, 32].flatMap((width) => seeds('dense', width, 3))
  const moe = [sweptRun({ kind: 'moe', width: 16, seed: 1, loss: 2, characters: 2000 })]
  expect(sweptFamilies([...dense, ...moe])).toEqual([])
})

test('budgets are those that three dense sizes spent, and their best size is the bottom of the parabola', () => {
  const size = (width: number) => sweptRun({ kind: 'dense', width, seed: 1, loss: 1 }).size.total
  const bottom = Math.sqrt(size(16) * size(48))
  const runs = [16, 32, 48].map((width) =>
    sweptRun({ kind: 'dense', width, seed: 1, loss: 2 + Math.log(size(width) / bottom) ** 2 })
  )
  const [budget, other] = sweepBudgets(runs.flatMap(({ training }) => training ?? []))
  expect(other).toBeUndefined()
  expect(budget?.best?.parameters).toBeCloseTo(bottom, 3)
  expect(budget?.best?.loss).toBeCloseTo(2, 9)
})
