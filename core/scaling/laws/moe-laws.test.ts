import { expect, test } from 'vitest'
import { chinchillaLoss } from './chinchilla'
import {
  expandedParameters,
  fineGrainedDenseLoss,
  fineGrainedEffectiveParameters,
  fineGrainedLaws,
  fineGrainedLoss
} from './fine-grained-moe'
import { geometricMeanLaw } from './geometric-mean'
import { routedEffectiveParameters, routedFits, routedLaws, routedLoss, saturatedExperts } from './routed'

// Krajewski et al. 2024, table 2: "64 x 100M" is a dense model of 100 M with 64 times its feed-forward weights.
test.each([
  [100e6, 4.37e9, 8, 3.133],
  [7e9, 137.6e9, 32, 2.076],
  [1e12, 7.94e12, 64, 1.367]
])('fine-grained: 64 x %d parameters after %d tokens with granularity %d', (dense, tokens, granularity, loss) => {
  const parameters = expandedParameters(dense, 64)
  expect(Math.abs(fineGrainedLoss({ parameters, tokens }, granularity) - loss)).toBeLessThan(0.025)
})

test('fine-grained: finer experts help, endlessly fine ones as if g were 0, and dense models have none', () => {
  const at = { parameters: 1e9, tokens: 50e9 }
  expect(fineGrainedLoss(at, 8)).toBeLessThan(fineGrainedLoss(at, 1))
  expect(fineGrainedLoss(at, Number.POSITIVE_INFINITY)).toBeCloseTo(
    chinchillaLoss({ E: 0.47, A: 18.1, alpha: 0.115, B: 30.8, beta: 0.147 }, at),
    12
  )
  expect(fineGrainedDenseLoss(at)).toBeCloseTo(0.47 + 16.3 / 1e9 ** 0.126 + 26.7 / 50e9 ** 0.127, 12)
  expect(expandedParameters(12, 1)).toBe(12)
  const [moe] = fineGrainedLaws
  expect(moe?.figures(at).loss).toBe(fineGrainedLoss(at, 1))
})

test('fine-grained: an MoE is worth the dense model of its loss, if there is one', () => {
  const at = { parameters: 1e9, tokens: 50e9 }
  const effective = fineGrainedEffectiveParameters(at, 8) ?? expect.fail('no dense model is as good')
  expect(fineGrainedDenseLoss({ ...at, parameters: effective })).toBeCloseTo(fineGrainedLoss(at, 8), 9)
  expect(fineGrainedEffectiveParameters({ parameters: 1e16, tokens: 1e9 }, 8)).toBeUndefined()
})

test('routed: experts saturate between the two ends', () => {
  for (const fit of Object.values(routedFits)) {
    expect(saturatedExperts(fit, 1)).toBeCloseTo(fit.expertsStart, 9)
    expect(saturatedExperts(fit, 1e12)).toBeCloseTo(fit.expertsMax, 3)
  }
})

// Clark et al. 2022: 5 M parameters with 128 experts are reported as 55 M effective ones.
test('routed: the example of the paper, within the rounding of the constants, and equal losses', () => {
  expect(Math.abs(routedEffectiveParameters(routedFits.sBase, 5e6, 128) / 55e6 - 1)).toBeLessThan(0.1)
  for (const fit of Object.values(routedFits)) {
    const effective = routedEffectiveParameters(fit, 5e6, 128)
    expect(routedLoss(fit, effective, 1)).toBeCloseTo(routedLoss(fit, 5e6, 128), 9)
  }
})

test('routed: one expert is worth itself, and at 10^(-b/c) parameters more experts change nothing', () => {
  const fit = routedFits.sBase
  expect(routedEffectiveParameters(fit, 1e8, 1) / 1e8).toBeCloseTo(1, 9)
  const cutoff = 10 ** (-fit.b / fit.c)
  expect(cutoff / 1e12).toBeCloseTo(1, 9)
  expect(routedLoss(fit, cutoff, 512)).toBeCloseTo(routedLoss(fit, cutoff, 2), 12)
})

test('routed: the cut-offs are the published ones, not those of the rounded constants', () => {
  const cutoffs = routedLaws.map((law) => law.figures({ parameters: 1e8, experts: 16 }).publishedCutoff)
  expect(cutoffs).toEqual([9.37e11, 8.5e10, 8.3e10])
  expect(routedLaws.every(({ approximate }) => approximate)).toBe(true)
})

// Mixtral 8x7B has 46.7 B parameters, 12.9 B of them active.
test('geometric mean: Mixtral', () => {
  const { effectiveParameters } = geometricMeanLaw.figures({ parameters: 46.7e9, active: 12.9e9 })
  expect((effectiveParameters ?? Number.NaN) / 24.5e9).toBeCloseTo(1, 2)
  expect(geometricMeanLaw.provenance).toBe('folklore')
})
