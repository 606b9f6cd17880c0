import { expect, test } from 'vitest'
import { largestLoad, layerLoads } from './load-figures'

test('an even load has entropy 1, and one expert that takes all has 0', () => {
  const [even, one, half] = layerLoads({
    counts: [
      [5, 5, 5, 5],
      [0, 20, 0, 0],
      [10, 10, 0, 0]
    ]
  })
  expect(even).toEqual({ shares: [0.25, 0.25, 0.25, 0.25], entropy: 1, dead: 0 })
  expect(one).toEqual({ shares: [0, 1, 0, 0], entropy: 0, dead: 3 })
  // ln 2 over ln 4.
  expect(half?.entropy).toBeCloseTo(0.5, 12)
  expect(half?.dead).toBe(2)
})

test('the largest load is that of the last quarter, all of its stretches together', () => {
  const stretch = (step: number, ...counts: number[][]) => ({ step, counts })
  expect(largestLoad([])).toBeUndefined()
  expect(largestLoad([stretch(1, [9, 1]), stretch(2, [8, 2]), stretch(3, [7, 3]), stretch(4, [4, 6])])).toBe(0.6)
  const eight = Array.from({ length: 8 }, (_, i) => stretch(i, [i < 6 ? 100 : 3, 7], [5, 5]))
  expect(largestLoad(eight)).toBe(0.7)
})
