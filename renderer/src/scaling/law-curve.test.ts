import { findLaw, laws } from '@core/scaling/laws'
import { besiroglu, chinchillaLoss, computeOptimal } from '@core/scaling/laws/chinchilla'
import { expect, test } from 'vitest'
import { defaultScaling } from './choices'
import { axesOf, chosenPoint, lawCurve, stretchesOf } from './law-curve'

const law = (id: string) => findLaw(id) ?? expect.fail(`no law '${id}'`)

test('along parameters the tokens stay, and the curve is the law', () => {
  const curve = lawCurve(law('besiroglu2024'), 'parameters', { ...defaultScaling, tokens: 11 }, 10)
  expect(curve).toHaveLength(11)
  for (const { x, loss } of curve) {
    expect(loss).toBeCloseTo(chinchillaLoss(besiroglu, { parameters: x, tokens: 1e11 }), 9)
  }
})

test('along compute the best of size and tokens is taken', () => {
  const [first] = lawCurve(law('besiroglu2024'), 'flops', defaultScaling, 10)
  expect(first?.loss).toBeCloseTo(chinchillaLoss(besiroglu, computeOptimal(besiroglu, 1e18)), 9)
})

// Hoffmann et al. 2022, abstract: 70 million to 16 billion parameters, 5 to 500 billion tokens.
test('the stretch of the fit has its ends where the fit has them, and no gap to the rest', () => {
  const curve = lawCurve(law('hoffmann2022-tex'), 'parameters', { ...defaultScaling, tokens: 11 }, 700)
  const stretches = stretchesOf(curve)
  expect(stretches.map(({ within }) => within)).toEqual(['outside', 'inside', 'outside'])
  const inside = stretches[1]?.points ?? []
  expect((inside[0]?.x ?? 0) / 70e6).toBeCloseTo(1, 1)
  expect((inside.at(-1)?.x ?? 0) / 16e9).toBeCloseTo(1, 1)
  expect(stretches[0]?.points.at(-1)).toBe(inside[0])
  expect(inside.at(-1)).toBe(stretches[2]?.points[0])
  expect(stretches.reduce((sum, { points }) => sum + points.length, 0)).toBe(curve.length + 2)
})

test('a law gets what it takes and nothing else', () => {
  const clark = law('clark2022-s-base')
  expect(axesOf(clark)).toEqual(['parameters'])
  expect(chosenPoint(clark, 'parameters', defaultScaling)).toEqual({ parameters: 10 ** 9, experts: 64 })
  expect(chosenPoint(law('besiroglu2024'), 'flops', defaultScaling)).toEqual({ flops: 10 ** 23.8 })
})

test('every law that gives a loss has a curve along each of its axes', () => {
  for (const each of laws.filter(({ gives, id }) => gives.includes('loss') && id !== 'sardana2023')) {
    for (const axis of axesOf(each)) expect(lawCurve(each, axis, defaultScaling, 5)).toHaveLength(6)
  }
})
