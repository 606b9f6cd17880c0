import { expect, test } from 'vitest'
import { moeArchitecture } from '../arch/presets'
import { createReferenceBackend } from '../runtime/reference'
import { expertsCost } from './experts-cost'
import { measureStepCost } from './step-cost'

test('a step costs something, and nothing costs less than nothing', async () => {
  const cost = await measureStepCost(createReferenceBackend(), { rounds: 1 })
  expect(cost.stepMs + cost.denseLayerMs).toBeGreaterThan(0)
  for (const milliseconds of Object.values(cost)) expect(milliseconds).toBeGreaterThanOrEqual(0)
})

// 3 x width x expert width = 250,000 weights is where branching begins to pay.
test.each([
  [192, 256, { layerMs: 2, passes: 3 }],
  [256, 344, { layerMs: 3, passes: 1 }]
])('experts of %i x %i', (width, expertWidth, expected) => {
  const architecture = moeArchitecture({ width, expertWidth, vocabularySize: 64 })
  const cost = { stepMs: 0, denseLayerMs: 1, gatheredLayerMs: 2, branchedLayerMs: 3 }
  expect(expertsCost(cost, architecture)).toEqual(expected)
})
