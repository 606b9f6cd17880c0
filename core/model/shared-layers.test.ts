/** Layers that share their weights, against layers with copies of these. */
import { expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { evaluation } from './evaluation'
import { groupedExperts } from './experts/grouped'
import { clearWeights, compute, randomBatch } from './models.fixture'
import { parameterLayout } from './parameters'

const shape = { width: 16, vocabularySize: 55, context: 8, layers: 3 }
const batch = { batch: 2, context: 8 }

test.each([
  ['dense', denseArchitecture(shape)],
  ['MoE', moeArchitecture({ ...shape, experts: 4, expertWidth: 12 })]
])('a model computes what it would with a copy for each layer: %s', (_, apart) => {
  const shared: Architecture = { ...apart, sharedLayers: true }
  const weights = clearWeights(shared)
  const { parameters } = parameterLayout(shared)
  const of = new Map(parameters.map(({ name, offset, size }) => [name, weights.subarray(offset, offset + size)]))
  const copies = new Float32Array(parameterLayout(apart).size)
  for (const { name, offset } of parameterLayout(apart).parameters) {
    copies.set(of.get(name.replace(/^layers\.\d+/, 'layers.0')) ?? [], offset)
  }
  expect(weights.length).toBeLessThan(copies.length)
  const losses = (architecture: Architecture, data: Float32Array) =>
    compute(evaluation(architecture, groupedExperts, batch), {
      ...randomBatch(architecture, batch.batch * batch.context),
      parameters: { type: 'float32', shape: [data.length], data: Float64Array.from(data) }
    })
  expect(losses(shared, weights)).toEqual(losses(apart, copies))
})
