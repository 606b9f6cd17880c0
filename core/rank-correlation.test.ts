import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from './random'
import { rankCorrelation, rankCorrelationByChance } from './rank-correlation'

test('the published example without ties: 1 - 6 sum d^2 / (n (n^2 - 1))', () => {
  // Intelligence and hours of television of ten people, a usual textbook example: sum d^2 is 194.
  const iq = [106, 86, 100, 101, 99, 103, 97, 113, 112, 110]
  const hours = [7, 0, 27, 50, 28, 29, 20, 12, 6, 17]
  expect(rankCorrelation(iq, hours)).toBeCloseTo(1 - (6 * 194) / (10 * 99), 12)
})

test('equal values share the mean of their ranks', () => {
  // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: sums of squares about the mean 4.5 and 5, of products 4.5.
  expect(rankCorrelation([3, 5, 5, 9], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12)
})

const rows = fc
  .array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { minLength: 2, maxLength: 12 })
  .map((pairs) => [pairs.map(([a]) => a), pairs.map(([, b]) => b)] as const)

test('only the order counts, and an order reversed has the opposite sign', () => {
  fc.assert(
    fc.property(rows, ([a, b]) => {
      const found = rankCorrelation(a, b)
      if (found === null) {
        expect(Math.min(new Set(a).size, new Set(b).size)).toBe(1)
        return
      }
      expect(Math.abs(found)).toBeLessThanOrEqual(1 + 1e-12)
      expect(rankCorrelation(a.map(Math.exp), b)).toBeCloseTo(found, 12)
      expect(
        rankCorrelation(
          b,
          a.map((each) => -each)
        )
      ).toBeCloseTo(-found, 12)
      expect(rankCorrelation(a, a)).toBeCloseTo(1, 12)
    })
  )
})

test('by chance it spreads by 1 / sqrt(n - 1)', () => {
  const random = createRandom(1, 'ranks')
  const things = 9
  const draw = () => Array.from({ length: things }, random.uniform)
  const squares = Array.from({ length: 4000 }, () => (rankCorrelation(draw(), draw()) ?? Number.NaN) ** 2)
  const deviation = Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length)
  expect(Math.abs(deviation / rankCorrelationByChance(things) - 1)).toBeLessThan(0.05)
})

test('rows of different length cannot be compared', () => {
  expect(() => rankCorrelation([1, 2], [1])).toThrow(new RangeError('rows of 2 and 1 numbers cannot be compared'))
})
