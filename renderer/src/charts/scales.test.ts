import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ratioScale } from './scales'

test('the scale is as wide as what it shows, in round numbers', () => {
  expect(ratioScale('light', [1, 1, 1]).limit).toBe(1.1)
  expect(ratioScale('light', [0.8, 1.3]).limit).toBe(1.5)
  expect(ratioScale('light', [1.02, 5.1]).limit).toBe(6)
  expect(ratioScale('light', [1 / 3, 1.2]).limit).toBe(3)
})

test('an expert that is hardly used does not widen it beyond a quarter', () => {
  expect(ratioScale('light', [0, 0.001, 1.2]).limit).toBe(4)
})

test('no ratio above the even share lies outside, and what is above is never coloured as what is below', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1 }), (ratios) => {
      const { limit, colour } = ratioScale('dark', ratios)
      expect(Math.max(...ratios)).toBeLessThanOrEqual(limit)
      expect(colour(limit)).not.toBe(colour(1 / limit))
      expect(colour(limit * 2)).toBe(colour(limit))
      expect(colour(Number.NaN)).toBe('#262b34')
    })
  )
})
