/** Trainings as they went before: bit for bit on the reference backend, and near it on the others. */
import { describe, expect, test } from 'vitest'
import { backendFor, figuresOf, kinds, planFor, savedTrainings, stoppedAfter, train } from './engine.fixture'
import { differences } from './saved.fixture'

const trainings = savedTrainings()

describe.each(kinds)('%s', (kind) => {
  const plan = planFor(kind)
  const { weights: _weights, first_moment: _first, second_moment: _second, ...figures } = trainings[kind]

  test('the reference backend: curves, losses and weights bit for bit', async () => {
    const found = figuresOf(await train(plan, backendFor('reference')))
    expect(found.steps).toEqual(trainings[kind].steps)
    expect(found).toEqual(trainings[kind])
  })

  // Rounding differs from processor to processor, so that nothing is held to bits but a training to itself.
  test.each(['native', 'wasm'] as const)('%s is near it, and interrupted the same bit for bit', async (name) => {
    const backend = backendFor(name)
    const whole = await train(plan, backend)
    expect(differences(figuresOf(whole), figures, { tolerance: 2e-4 })).toEqual([])
    const begun = await train(plan, backend, { lastStep: stoppedAfter })
    const resumed = await train(plan, backend, { saved: begun.run })
    expect(resumed.run.state).toEqual(whole.run.state)
    expect([...begun.steps, ...resumed.steps]).toEqual(whole.steps)
    expect(figuresOf(resumed).report).toEqual(figuresOf(whole).report)
  })
})
