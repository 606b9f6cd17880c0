import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../random'
import { fitLaw, type TrainedPoint } from './fit-law'
import { besiroglu, type ChinchillaFit, chinchillaLoss, hoffmannRounded } from './laws/chinchilla'

const sizes = [1e8, 3e8, 1e9, 3e9, 1e10]
const lengths = [1e9, 1e10, 1e11]

/** The losses that a law gives, each off by a relative error of this deviation. */
function trainings(law: ChinchillaFit, deviation = 0, seed = 1): TrainedPoint[] {
  const random = createRandom(seed, 'scaling/fit-law.test')
  return sizes.flatMap((parameters) =>
    lengths.map((tokens) => ({
      parameters,
      tokens,
      loss: chinchillaLoss(law, { parameters, tokens }) * (1 + deviation * random.normal())
    }))
  )
}

test.each(Object.entries({ hoffmannRounded, besiroglu }))('the constants of %s from losses that it gives', (_, law) => {
  for (const floor of [undefined, law.E]) {
    const { fit, error, sizeExponent } = fitLaw(trainings(law), floor, 1)
    for (const [constant, value] of Object.entries(law))
      expect(fit[constant as keyof typeof law] / value).toBeCloseTo(1, 2)
    expect(error).toBeLessThan(1e-5)
    expect(sizeExponent).toBeCloseTo(law.beta / (law.alpha + law.beta), 4)
  }
})

test('most intervals hold the constants that made noisy losses', () => {
  const held = Array.from({ length: 10 }, (_, seed) => {
    const { intervals } = fitLaw(trainings(hoffmannRounded, 0.004, seed), hoffmannRounded.E, 100)
    return (['alpha', 'beta'] as const).filter((constant) => {
      const { low, high } = intervals[constant]
      return low <= hoffmannRounded[constant] && hoffmannRounded[constant] <= high
    }).length
  })
  // Of 20; the percentile bootstrap of 15 points holds fewer than the 95 % that it says.
  expect(held.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(15)
})

test('the same losses give the same law, in whatever order and unit', () => {
  const points = trainings(besiroglu, 0.003)
  const { fit } = fitLaw(points, undefined, 1)
  fc.assert(
    fc.property(fc.shuffledSubarray(points, { minLength: points.length }), (shuffled) => {
      const thousands = shuffled.map((each) => ({ ...each, tokens: each.tokens / 1000 }))
      const other = fitLaw(thousands, undefined, 1).fit
      expect(other.alpha).toBeCloseTo(fit.alpha, 3)
      expect(other.beta).toBeCloseTo(fit.beta, 3)
      expect(other.E).toBeCloseTo(fit.E, 3)
    }),
    { numRuns: 5 }
  )
})

test('too little to fit a law to is refused', () => {
  const points = trainings(besiroglu)
  expect(() => fitLaw(points.slice(0, 5))).toThrow(/at least 6 trainings.* found 5/)
  expect(() => fitLaw(points.filter(({ tokens }) => tokens !== 1e9))).toThrow('found 10, of 5 and 2')
})

test('losses below the floor have no law', () => {
  expect(() => fitLaw(trainings(besiroglu), 5)).toThrow('no law of the form')
})
