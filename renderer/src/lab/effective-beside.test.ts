import { expect, test } from 'vitest'
import { effectiveBeside } from './effective-beside'

const run = (total: number, ...losses: number[]) => ({
  total,
  points: losses.map((loss, i) => ({ characters: 1000 * (i + 1), loss }))
})

test('a model stands between the dense models that are worse and better after the same text', () => {
  const [small, large] = [run(27_000, 2, 1.3, 1.2), run(160_000, 1.8, 1)]
  // The larger one has not come so far yet: after 3000 characters the small one alone is known.
  expect(effectiveBeside(run(159_000, 1.9, 1.1, 1), [small, large])).toEqual({
    characters: 3000,
    low: 27_000,
    high: undefined
  })
  expect(effectiveBeside(run(159_000, 1.9, 1.1), [small, large])).toEqual({
    characters: 2000,
    low: 27_000,
    high: 160_000
  })
  expect(effectiveBeside(run(159_000, 2.5), [small, large])).toEqual({
    characters: 1000,
    low: undefined,
    high: 27_000
  })
})

test('before anything was measured after the same text nothing is said', () => {
  expect(effectiveBeside(run(159_000), [run(27_000, 2)])).toBeUndefined()
  expect(effectiveBeside(run(159_000, 2), [])).toBeUndefined()
})
