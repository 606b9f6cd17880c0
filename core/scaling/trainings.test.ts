import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PaidPoint, spentBudgets } from './trainings'

const sizes = [10_000, 20_000, 40_000]

test('trainings whose compute differs by a step share a budget, wherever the budget lies', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 20, max: 40, noNaN: true }),
      fc.tuple(...sizes.map(() => fc.double({ min: 0, max: 0.019, noNaN: true }))),
      (power, steps) => {
        const at = (flops: number) =>
          sizes.map((parameters, i): PaidPoint => {
            const loss = 1 + Math.log(parameters / 20_000) ** 2
            return { parameters, tokens: 1000, loss, flops: flops * (1 + (steps[i] ?? 0)) }
          })
        const small = Math.exp(power)
        const budgets = spentBudgets([...at(3 * small), ...at(small)])
        expect(budgets.map(({ points }) => points.map(({ parameters }) => parameters))).toEqual([sizes, sizes])
        for (const { best } of budgets) expect((best?.parameters ?? Number.NaN) / 20_000).toBeCloseTo(1, 6)
        expect((budgets[0]?.flops ?? Number.NaN) / small).toBeCloseTo(1, 1)
      }
    )
  )
})

test('two sizes are no budget to compare at', () => {
  const points = sizes.slice(1).map((parameters): PaidPoint => ({ parameters, tokens: 1, loss: 1, flops: 1e12 }))
  expect(spentBudgets(points)).toEqual([])
})
