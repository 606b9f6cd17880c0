import { currentCorpus, recipeSchema } from '@core/formats/training-report'
import { stepsOf } from '@core/train/recipe'
import { expect, test } from 'vitest'
import { defaultTraining, type TrainingChoices } from './choices'
import { chosenPlan } from './plan'
import { presetOf, presets, withPreset } from './presets'

const planOf = (changes: Partial<TrainingChoices>) => chosenPlan({ ...defaultTraining, ...changes })

test('without a choice the recipe is that of the shipped models, key for key', () => {
  const { recipe, corpus } = planOf({ text: 'shipped', width: 64 })
  expect(JSON.stringify(recipe)).toBe(JSON.stringify(recipeSchema.parse({ learning_rate: 0.005, characters: 500_000 })))
  expect(corpus).toEqual(currentCorpus)
})

test('batch, context, schedule, amount of text and shares come into the plan', () => {
  const { architecture, corpus, recipe } = planOf({
    text: 'small',
    characters: 96_000,
    batch: 8,
    context: 48,
    schedule: 'linear',
    warmupSteps: 5,
    finalRate: 0.1,
    textCharacters: 10_000,
    shares: { fact: 2, seq: 1 }
  })
  expect(stepsOf(recipe, architecture.context)).toBe(250)
  expect(recipe).toMatchObject({ batch: 8, warmup_steps: 5, final_rate: 0.1, decay: 'linear' })
  expect(corpus).toMatchObject({ characters: 10_000, shares: { fact: 2, seq: 1 }, world: { names: 128 } })
  expect(planOf({ schedule: 'constant', finalRate: 0.1 }).recipe).toMatchObject({ final_rate: 1 })
})

test('a preset changes the shape and leaves what is read, and how', () => {
  const [dense] = presets
  if (!dense) throw new Error('expected a preset')
  const rest = { text: 'small', batch: 16, context: 32, schedule: 'linear', textCharacters: 10_000, seed: 3 } as const
  const run = withPreset({ ...defaultTraining, ...rest }, dense, defaultTraining)
  expect(run).toEqual({ ...defaultTraining, kind: 'dense', ...rest })
  expect(presetOf(run, defaultTraining)).toBe(dense)
})
