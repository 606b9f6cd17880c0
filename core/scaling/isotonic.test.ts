import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nonIncreasing } from './isotonic'

const weighted = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 4 })), {
  minLength: 1,
  maxLength: 9
})

test('it is the max-min formula of isotonic regression', () => {
  fc.assert(
    fc.property(weighted, (pairs) => {
      const fitted = nonIncreasing(
        pairs.map(([value]) => value),
        pairs.map(([, weight]) => weight)
      )
      for (const [i] of pairs.entries()) expect(fitted[i]).toBeCloseTo(minMax(pairs, i), 9)
    })
  )
})

test('a falling sequence stays as it is, a rising one becomes its mean', () => {
  expect(nonIncreasing([5, 3, 2], [1, 1, 1])).toEqual([5, 3, 2])
  expect(nonIncreasing([1, 2, 6], [1, 2, 1])).toEqual([2.75, 2.75, 2.75])
})

/** The smallest over starts of the largest weighted mean over ends (Robertson, Wright and Dykstra 1988, 1.4). */
function minMax(pairs: readonly [number, number][], i: number): number {
  const starts = pairs.slice(0, i + 1).map((_, start) => {
    const ends = pairs.slice(i).map((_, end) => weightedMean(pairs.slice(start, i + end + 1)))
    return Math.max(...ends)
  })
  return Math.min(...starts)
}

function weightedMean(pairs: readonly [number, number][]): number {
  const weight = pairs.reduce((sum, [, weight]) => sum + weight, 0)
  return pairs.reduce((sum, [value, weight]) => sum + value * weight, 0) / weight
}
