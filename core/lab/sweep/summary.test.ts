import { expect, test } from 'vitest'
import { overSeeds, variedPaths } from './summary'

const run = (width: number, seed: number, loss: number | null) => ({
  varied: { 'architecture.width': width, 'recipe.seed': seed, 'recipe.batch': 4 },
  figures: { loss, total: 10 * width }
})

test('figures are averaged over seeds, with the deviation of n - 1', () => {
  const runs = [run(8, 1, 1), run(16, 1, 5), run(8, 2, 2), run(8, 3, 6), run(16, 2, null)]
  // Of 1, 2 and 6 the mean is 3 and the variance (4 + 1 + 9) / 2.
  expect(overSeeds(runs, 'loss')).toEqual([
    {
      varied: { 'architecture.width': 8, 'recipe.batch': 4 },
      figures: { loss: 1, total: 80 },
      mean: 3,
      deviation: Math.sqrt(7),
      seeds: 3
    },
    {
      varied: { 'architecture.width': 16, 'recipe.batch': 4 },
      figures: { loss: 5, total: 160 },
      mean: 5,
      deviation: null,
      seeds: 1
    }
  ])
  expect(variedPaths(runs)).toEqual(['architecture.width'])
})
