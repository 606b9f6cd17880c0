import { recipeSchema } from '@core/formats/training-report'
import { trainSpec } from '@core/lab/train-spec'
import { expect, test } from 'vitest'
import { createApp } from '../app/create-app'
import { createMemoryHost } from '../host/memory'
import { smallPlan } from './small-lab.fixture'
import { createTrainingCurves } from './training-curves'

const spec = trainSpec({ ...smallPlan, recipe: recipeSchema.parse({ learning_rate: 0.01 }) }, { count: 0 })

test('resumed in the same session, a training keeps the loss of every step before', () => {
  const { store } = createApp(createMemoryHost())
  const curves = createTrainingCurves(store)
  const losses = () => store.getState().trainings.m?.losses.map(([, loss]) => loss)
  const step = (number: number) =>
    curves.hear('m', spec, {
      kind: 'step',
      record: { step: number, loss: 5 - number / 10 } as never,
      seconds: number / 4
    })
  curves.hear('m', spec, { kind: 'begin', step: 0, steps: 500, trainingLoss: [], curve: [], seconds: 0 })
  for (const number of [1, 2, 3, 4, 5, 6]) step(number)
  curves.end('m')
  expect(losses()).toEqual([4.9, 4.8, 4.7, 4.6, 4.5, 4.4])
  // Of 500 steps a stretch is five; the sixth was told, and not saved.
  curves.hear('m', spec, { kind: 'begin', step: 5, steps: 500, trainingLoss: [[5, 4.7]], curve: [], seconds: 1.25 })
  expect(losses()).toEqual([4.9, 4.8, 4.7, 4.6, 4.5])
  const perStep = 32 * 32
  expect(store.getState().trainings.m?.clock).toEqual([0, 1, 2, 3, 4, 5].map((at) => [at * perStep, at / 4]))
})
