import { expect, test } from 'vitest'
import { effectiveText, sizeText } from './model-figures'

test.each([
  [7, '7.00'],
  [999, '999'],
  [1000, '1.00 k'],
  [29_600, '29.6 k'],
  [99_960, '100 k'],
  [404_300, '404 k'],
  [999_499, '999 k'],
  [999_500, '1.00 M'],
  [46_700_000_000, '46.7 B']
])('%i parameters are %s', (size, text) => {
  expect(sizeText(size)).toBe(text)
})

const basis = { method: 'itself', quantity: 'total', convention: 'all' } as const
const nothing = { estimate: null, low: null, high: null, bound: null, reason: null }

test.each([
  [{ ...nothing, basis, estimate: 101_000, low: 101_000, high: 101_000 }, '101 k'],
  [
    { ...nothing, basis: { ...basis, method: 'interpolated' }, estimate: 331e3, low: 310e3, high: 354e3 },
    /^331 k \(310 k to 354 k\)$/
  ],
  [{ ...nothing, basis: { ...basis, method: 'interpolated' }, low: 896e3, bound: '> 896 k' }, /^> 896 k$/],
  [
    { ...nothing, basis: { ...basis, method: 'interpolated' }, low: 310e3, high: 354e3, reason: 'wide' },
    /^310 k to 354 k$/
  ],
  [{ ...nothing, basis: { ...basis, method: 'interpolated' }, reason: 'no seeds' }, /^not measured$/]
])('effective parameters in words: %j', (effective, text) => {
  expect(effectiveText(effective as Parameters<typeof effectiveText>[0])).toMatch(text)
})
