/** Trainings as they went before: bit for bit on the reference backend, and near it on the others. */
import { describe, expect, test } from 'vitest'
import {
  backendFor,
  figuresOf,
  fingerprintOf,
  kinds,
  planFor,
  readSavedRun,
  savedTrainings,
  stoppedAfter,
  train,
  withoutAnswers
} from './engine.fixture'
import { differences, savedBytes } from './saved.fixture'

const trainings = savedTrainings()

describe('the reference backend: curves, losses and weights bit for bit', () => {
  test('a whole training', async () => {
    const found = figuresOf(await train(planFor('qwen2-moe'), backendFor('reference')))
    expect(found.steps).toEqual(trainings['qwen2-moe'].steps)
    expect(found).toEqual(trainings['qwen2-moe'])
  })

  // The second halves go on from the saved files: see the tests of these.
  test.each(['llama', 'mixtral'] as const)('the first half of one of a %s', async (kind) => {
    const plan = planFor(kind)
    const saved = await savedBytes(`models/${kind}-stopped/run.safetensors`)
    const { steps, run } = await train(plan, backendFor('reference'), { lastStep: stoppedAfter })
    expect(steps).toEqual(trainings[kind].steps.slice(0, stoppedAfter))
    const before = readSavedRun(saved, fingerprintOf(plan))
    expect({ ...run, seconds: 0, curve: run.curve.map(withoutAnswers) }).toEqual({ ...before, seconds: 0 })
  })
})

// Rounding differs from processor to processor: only a training itself is the same to the bit.
test.each([...kinds.map((kind) => ['native', kind] as const), ['wasm', 'mixtral'] as const])(
  '%s trains a %s nearly so, and interrupted the same bit for bit',
  async (name, kind) => {
    const backend = backendFor(name)
    const plan = planFor(kind)
    const whole = await train(plan, backend)
    const { weights: _weights, first_moment: _first, second_moment: _second, ...figures } = trainings[kind]
    expect(differences(figuresOf(whole), figures, { tolerance: 2e-4 })).toEqual([])
    const begun = await train(plan, backend, { lastStep: stoppedAfter })
    const resumed = await train(plan, backend, { saved: begun.run })
    expect(resumed.run.state).toEqual(whole.run.state)
    expect([...begun.steps, ...resumed.steps]).toEqual(whole.steps)
    expect(figuresOf(resumed).report).toEqual(figuresOf(whole).report)
  }
)
