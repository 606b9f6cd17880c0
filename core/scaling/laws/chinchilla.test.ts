import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  besiroglu,
  type ChinchillaFit,
  chinchillaLaws,
  chinchillaLoss,
  computeOptimal,
  hoffmannExact,
  hoffmannRounded,
  optimalParametersFor,
  tokensToReach,
  trainingFlops
} from './chinchilla'

const chinchilla = { parameters: 70e9, tokens: 1.4e12 }

const fits = { hoffmannRounded, hoffmannExact, besiroglu }
const budget = fc.double({ min: Math.log(1e17), max: Math.log(1e27), noNaN: true }).map(Math.exp)

// Reference values; the second is for the constants of Besiroglu et al. rounded to four digits.
test.each([
  ['hoffmann2022-rounded', hoffmannRounded, 1.9366],
  ['besiroglu2024', { ...besiroglu, E: 1.8172, alpha: 0.3478, beta: 0.3658 }, 1.9739]
])('the loss of Chinchilla by %s', (_, fit, loss) => {
  expect(chinchillaLoss(fit, chinchilla)).toBeCloseTo(loss, 4)
})

// Reference values, hence the tolerances; Besiroglu et al. 2024 report about 20 for their fit.
test.each([
  [hoffmannRounded, 92.6, 0.1],
  [hoffmannExact, 59.1, 0.2],
  [besiroglu, 18.4, 0.1]
] as const)('tokens for each parameter at the compute of Gopher and Chinchilla', (fit, ratio, tolerance) => {
  const { parameters, tokens } = computeOptimal(fit, 5.76e23)
  expect(Math.abs(tokens / parameters - ratio)).toBeLessThan(tolerance)
})

test.each(Object.entries(fits))('the optimum of %s spends the budget, and no neighbour on it is better', (_, fit) => {
  fc.assert(
    fc.property(budget, fc.double({ min: 0.2, max: 5, noNaN: true }), (flops, factor) => {
      const best = computeOptimal(fit, flops)
      expect(trainingFlops(best) / flops).toBeCloseTo(1, 9)
      const other = { parameters: best.parameters * factor, tokens: best.tokens / factor }
      expect(chinchillaLoss(fit, other)).toBeGreaterThanOrEqual(chinchillaLoss(fit, best) - 1e-12)
    })
  )
})

test.each(Object.entries(fits))('the optimum of %s is the best of a fine grid of sizes', (_, fit) => {
  const flops = 5.76e23
  const sizes = Array.from({ length: 4001 }, (_, i) => 1e9 * 1000 ** (i / 4000))
  const losses = sizes.map((parameters) => chinchillaLoss(fit, { parameters, tokens: flops / 6 / parameters }))
  const found = sizes[losses.indexOf(Math.min(...losses))] ?? Number.NaN
  expect(computeOptimal(fit, flops).parameters / found).toBeCloseTo(1, 2)
})

test('the size that so many tokens deserve is the one whose optimum has these tokens', () => {
  fc.assert(
    fc.property(budget, (flops) => {
      const { parameters, tokens } = computeOptimal(besiroglu, flops)
      expect(optimalParametersFor(besiroglu, tokens) / parameters).toBeCloseTo(1, 9)
    })
  )
})

test('tokens to reach a loss are those that give it, and none do below what the size leaves', () => {
  const loss = chinchillaLoss(hoffmannRounded, chinchilla)
  expect((tokensToReach(hoffmannRounded, 70e9, loss) ?? Number.NaN) / 1.4e12).toBeCloseTo(1, 6)
  const atInfinity = chinchillaLoss(hoffmannRounded, { parameters: 70e9, tokens: Number.POSITIVE_INFINITY })
  expect(tokensToReach(hoffmannRounded, 70e9, atInfinity)).toBeUndefined()
})

test('the laws say the same as the functions, for a point and for a budget', () => {
  const ofLaw: Readonly<Record<string, ChinchillaFit>> = {
    'hoffmann2022-rounded': hoffmannRounded,
    'hoffmann2022-tex': hoffmannExact,
    besiroglu2024: besiroglu
  }
  for (const law of chinchillaLaws) {
    const fit = ofLaw[law.id] ?? expect.fail(`no fit of ${law.id}`)
    const flops = trainingFlops(chinchilla)
    const best = computeOptimal(fit, flops)
    expect(law.figures(chinchilla)).toMatchObject({
      loss: chinchillaLoss(fit, chinchilla),
      optimalParameters: best.parameters
    })
    expect(law.figures({ flops })).toMatchObject({ loss: chinchillaLoss(fit, best), optimalTokens: best.tokens })
  }
})
