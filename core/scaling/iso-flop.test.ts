import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestSize } from './iso-flop'
import { besiroglu, chinchillaLoss, computeOptimal } from './laws/chinchilla'

test('the bottom of a parabola is found exactly, in whatever order its points are', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 9, max: 12, noNaN: true }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.shuffledSubarray([8.5, 9.2, 10, 11.1, 12.5], { minLength: 5 }),
      (bottom, bend, sizes) => {
        const points = sizes.map((x) => ({ parameters: Math.exp(x), loss: 2 + bend * (x - bottom) ** 2 }))
        const found = bestSize(points)
        expect(Math.log(found?.parameters ?? Number.NaN)).toBeCloseTo(bottom, 6)
        expect(found?.loss).toBeCloseTo(2, 8)
        expect(found?.bend).toBeCloseTo(bend, 6)
        expect(found?.error).toBeLessThan(1e-8)
      }
    )
  )
})

test('losses by a law have their best size where the law has it', () => {
  const flops = 1e21
  const best = computeOptimal(besiroglu, flops).parameters
  const points = [0.6, 0.8, 1, 1.25, 1.6].map((factor) => {
    const parameters = best * factor
    return { parameters, loss: chinchillaLoss(besiroglu, { parameters, tokens: flops / 6 / parameters }) }
  })
  expect((bestSize(points)?.parameters ?? Number.NaN) / best).toBeCloseTo(1, 1)
})

test('no best size where none was among those tried', () => {
  const points = (of: (x: number) => number) => [1, 2, 3, 4].map((x) => ({ parameters: Math.exp(x), loss: of(x) }))
  expect(bestSize(points((x) => (x - 6) ** 2))).toBeUndefined()
  expect(bestSize(points((x) => -((x - 2) ** 2)))).toBeUndefined()
  expect(bestSize(points((x) => (x - 2) ** 2).slice(0, 2))).toBeUndefined()
})
