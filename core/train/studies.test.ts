import { expect, test } from 'vitest'
import { trainFlopsPerToken } from '../arch/count/count'
import { groupBy } from '../group-by'
import { stepsOf } from './recipe'
import { studies } from './studies'

const runs = studies[2]

test('every run has a name of its own and reads text of its edition', () => {
  expect(new Set(runs.map(({ study, id }) => `${study}/${id}`)).size).toBe(runs.length)
  for (const { corpus } of runs) expect(corpus.world.edition).toBe(2)
})

test('the runs of a budget cost the same, to the step', () => {
  const budgets = groupBy(
    runs.filter(({ study }) => study === 'iso-flop'),
    ({ id }) => Number(id.replace(/-.*/, ''))
  )
  expect([...budgets].map(([budget, { length }]) => [budget, length])).toEqual([
    [3e11, 5],
    [1e12, 5],
    [3e12, 5]
  ])
  for (const [budget, sizes] of budgets) {
    for (const { architecture, recipe } of sizes) {
      const step = recipe.batch * architecture.context * trainFlopsPerToken(architecture)
      const spent = stepsOf(recipe, architecture.context) * step
      expect(spent).toBeLessThanOrEqual(budget * 1.001)
      expect(spent).toBeGreaterThan(budget - step * 1.001)
    }
  }
})

test('a repeated text is read more than thirty times', () => {
  for (const { corpus, recipe } of runs.filter(({ study }) => study === 'repeated-text')) {
    expect(recipe.characters / corpus.characters).toBeGreaterThan(30)
  }
})
