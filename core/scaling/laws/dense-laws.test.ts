import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chinchillaLoss, computeOptimal, hoffmannExact, tokensToReach } from './chinchilla'
import { dataConstrainedFit, dataConstrainedLoss, effectiveAllocation } from './data-constrained'
import { inferenceAwareLaw, inferenceOptimal, lifetimeFlops } from './inference-aware'
import {
  kaplanLaw,
  kaplanLoss,
  kaplanLossOfCompute,
  kaplanLossOfParameters,
  kaplanLossOfTokens,
  petaflopDay
} from './kaplan'
import { precisionEffectiveParameters, precisionLaw, precisionScale } from './precision'

const size = fc.double({ min: Math.log(1e7), max: Math.log(1e12), noNaN: true }).map(Math.exp)

// The loss is 1 nat where the quotient is 1, and falls by the exponent.
test('Kaplan: each law is 1 nat at its constant and falls as its power', () => {
  expect(kaplanLossOfParameters(8.8e13)).toBe(1)
  expect(kaplanLossOfTokens(5.4e13)).toBe(1)
  expect(kaplanLossOfCompute(3.1e8 * petaflopDay)).toBeCloseTo(1, 12)
  expect(kaplanLossOfParameters(1e9) / kaplanLossOfParameters(2e9)).toBeCloseTo(2 ** 0.076, 12)
  expect(kaplanLossOfTokens(1e9) / kaplanLossOfTokens(2e9)).toBeCloseTo(2 ** 0.095, 12)
})

test('Kaplan: with endless tokens the law of both is a power of size alone, and either input alone is enough', () => {
  expect(kaplanLoss(1e9, Number.POSITIVE_INFINITY)).toBeCloseTo((6.4e13 / 1e9) ** 0.076, 12)
  expect(kaplanLaw.figures({ parameters: 1e9 })).toEqual({ loss: kaplanLossOfParameters(1e9) })
  expect(kaplanLaw.figures({ tokens: 1e9 })).toEqual({ loss: kaplanLossOfTokens(1e9) })
  // Table 6: one PF-day is best spent on 1.3 B parameters and 20 B tokens.
  expect(kaplanLaw.figures({ flops: petaflopDay })).toMatchObject({ optimalParameters: 1.3e9, optimalTokens: 2e10 })
})

// huggingface/datablations, README, "Parametric Fit".
test.each([
  [6.34e9, 2.42e11, 2.5e10, 2.2256440889984477],
  [8.67e9, 1.78e11, 2.5e10, 2.2269634075087867]
])('data-constrained: %d parameters after %d tokens, %d of them different', (parameters, tokens, unique, loss) => {
  expect(dataConstrainedLoss({ parameters, tokens }, unique)).toBeCloseTo(loss, 12)
})

test('data-constrained: without repetition and with a size the tokens deserve, nothing is lost', () => {
  const at = computeOptimal(dataConstrainedFit, 1e22)
  const effective = effectiveAllocation(at, at.tokens)
  expect(effective.parameters / at.parameters).toBeCloseTo(1, 9)
  expect(effective.tokens).toBe(at.tokens)
  expect(dataConstrainedLoss(at, 2 * at.tokens)).toBe(dataConstrainedLoss(at, at.tokens))
})

test('data-constrained: repeated tokens help, but less than new ones and never beyond 16.4 times the different ones', () => {
  fc.assert(
    fc.property(size, size, fc.double({ min: 1, max: 1000, noNaN: true }), (parameters, unique, epochs) => {
      const { tokens } = effectiveAllocation({ parameters, tokens: unique * epochs }, unique)
      expect(tokens).toBeLessThanOrEqual(unique * epochs * (1 + 1e-12))
      expect(tokens).toBeGreaterThanOrEqual(unique * (1 - 1e-12))
      expect(tokens).toBeLessThanOrEqual(unique * 16.387756 * (1 + 1e-12))
    })
  )
})

test('inference-aware: without inference it is the compute optimum', () => {
  fc.assert(
    fc.property(fc.double({ min: Math.log(1e19), max: Math.log(1e26), noNaN: true }), (logFlops) => {
      const best = computeOptimal(hoffmannExact, Math.exp(logFlops))
      const found = inferenceOptimal(hoffmannExact, chinchillaLoss(hoffmannExact, best), 0)
      expect((found?.parameters ?? Number.NaN) / best.parameters).toBeCloseTo(1, 6)
      expect((found?.tokens ?? Number.NaN) / best.tokens).toBeCloseTo(1, 6)
    })
  )
})

test('inference-aware: the optimum reaches the loss, and no other size that does is cheaper', () => {
  fc.assert(
    fc.property(size, size, size, fc.double({ min: 0.5, max: 2, noNaN: true }), (parameters, tokens, asked, factor) => {
      const loss = chinchillaLoss(hoffmannExact, { parameters, tokens })
      const best = inferenceOptimal(hoffmannExact, loss, asked) ?? expect.fail('no optimum')
      expect(chinchillaLoss(hoffmannExact, best)).toBeCloseTo(loss, 9)
      const other = tokensToReach(hoffmannExact, best.parameters * factor, loss)
      if (other === undefined) return
      const cost = lifetimeFlops({ parameters: best.parameters * factor, tokens: other }, asked)
      expect(cost / lifetimeFlops(best, asked)).toBeGreaterThan(1 - 1e-9)
    })
  )
})

// Sardana et al. 2023, figure 1: for 2 T tokens of inference, a 7 B model in place of a 13 B one saves 1.7e22 FLOPs,
// 17 %.
test('inference-aware: the example of the paper', () => {
  const large = optimumOfSize(13e9)
  const { optimalParameters, lifetimeFlops, optimalLifetimeFlops } = inferenceAwareLaw.figures({
    ...large,
    inferenceTokens: 2e12
  })
  const saved = (lifetimeFlops ?? Number.NaN) - (optimalLifetimeFlops ?? Number.NaN)
  expect((optimalParameters ?? Number.NaN) / 7e9).toBeCloseTo(1, 1)
  expect(saved / 1e22).toBeCloseTo(1.7, 0)
  expect(Math.abs(saved / (lifetimeFlops ?? Number.NaN) - 0.17)).toBeLessThan(0.01)
})

test('inference-aware: a loss at or below what endless size and tokens leave is refused', () => {
  expect(inferenceOptimal(hoffmannExact, hoffmannExact.E, 1e12)).toBeUndefined()
  expect(() => inferenceAwareLaw.figures({ loss: 1.5, inferenceTokens: 1e12 })).toThrow(
    'sardana2023: expected a loss above 1.693 nats, found 1.5'
  )
})

test('precision: what is exact costs nothing, and at gamma bits 1 - 1/e of the size is left', () => {
  expect(precisionEffectiveParameters(1e9, {})).toBe(1e9)
  expect(precisionEffectiveParameters(1e9, { weights: precisionScale.weights }) / 1e9).toBeCloseTo(1 - 1 / Math.E, 12)
  expect(
    precisionLaw.figures({ parameters: 1e9, cacheBits: precisionScale.cache * 2 }).effectiveParameters
  ).toBeCloseTo(1e9 * (1 - Math.exp(-2)), 0)
})

/** The size with the tokens for which it is optimal, found by halving the budget. */
function optimumOfSize(parameters: number) {
  let [low, high] = [Math.log(1e20), Math.log(1e26)]
  for (let halvings = 0; halvings < 80; halvings++) {
    const middle = (low + high) / 2
    if (computeOptimal(hoffmannExact, Math.exp(middle)).parameters < parameters) low = middle
    else high = middle
  }
  return computeOptimal(hoffmannExact, Math.exp(low))
}
