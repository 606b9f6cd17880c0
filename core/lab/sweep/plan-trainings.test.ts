import { expect, test } from 'vitest'
import { trainForm } from '../kinds/train'
import { runId } from '../run-id'
import { planTrainings } from './plan-trainings'
import { sweepSchema } from './points'

const base = { architecture: { kind: 'moe', width: 8, experts: 4 }, recipe: { learning_rate: 0.01, characters: 4096 } }

test('each run has the id that the laboratory gives it, and equal runs are one', async () => {
  const grid = { 'recipe.seed': [1, 2, 1] }
  const runs = await planTrainings(sweepSchema.parse({ kind: 'train', base, grid }))
  expect(runs.map(({ varied }) => varied)).toEqual([{ 'recipe.seed': 1 }, { 'recipe.seed': 2 }])
  for (const { id, kind, spec } of runs) {
    expect(id).toBe(await runId(trainForm.stem(trainForm.spec.parse(spec)), { kind, spec }))
  }
})

test.each([
  [{ kind: 'bench', base: {} }, "a sweep of 'bench' is for 'moescope sweep'"],
  [{ kind: 'train', base: { recipe: {} } }, 'run 0: recipe.learning_rate'],
  [{ kind: 'train', base: { ...base, from: { model: 'moe-64' } } }, 'from: a model by its path'],
  [{ kind: 'train', base: { ...base, corpus: { kind: 'text', file: 'a.txt' } } }, 'corpus.file: a text by its path'],
  [{ kind: 'train', base, grid: { 'architecture.top_k': [9] } }, 'run 0: architecture']
])('what the app cannot compute is told: %#', async (content, reason) => {
  await expect(planTrainings(sweepSchema.parse(content))).rejects.toThrow(reason)
})
