import { familyOf } from '@core/scaling/runs.fixture'
import { expect, test } from 'vitest'
import { effectiveAfter, heightOf, worthAfter } from './worth'

/** Of 2, 1 and 0.5 nats, each with a second seed. */
const family = familyOf([10_000, 100_000, 1_000_000], (size) => {
  const loss = size === 10_000 ? 2 : size === 100_000 ? 1 : 0.5
  return [loss, loss + 0.002]
})
const model = { own: false, loss: { mean: 0.8, deviation: 0.01, seeds: 2 } }

test('a loss between two sizes is told with its interval, one outside of all as a bound', () => {
  expect(worthAfter(model, family, { delta: 0.2 })).toMatch(/^100\sk \(9\d(\.\d)?\sk – 10\d\sk\)$/)
  expect(worthAfter(model, family, { delta: 3 })).toMatch(/^<\s10\sk$/)
  expect(worthAfter(model, family, { delta: -0.7 })).toMatch(/^>\s1(\.0+)?\sM$/)
})

test('of a model of other text, or without a loss, nothing is told', () => {
  expect(worthAfter({ ...model, own: true }, family, { delta: 0 })).toBe('')
  expect(worthAfter({ ...model, loss: null }, family, { delta: 0 })).toBe('')
  expect(worthAfter(model, undefined, { delta: 0 })).toBe('')
})

test('as a height: a size with its interval, or the bound that it lies beyond', () => {
  const after = (delta: number) => {
    const effective = effectiveAfter(model, family, { delta })
    return effective && heightOf(effective)
  }
  const { y = 0, low = 0, high = 0 } = after(0.2) ?? {}
  expect(y).toBeCloseTo(100_000, -3)
  expect(low).toBeLessThan(y)
  expect(high).toBeGreaterThan(y)
  expect(after(3)).toEqual({ y: 10_000 })
})
