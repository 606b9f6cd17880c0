/** The loss that is minimised, with every router, in the reference evaluator. */
import { expect, test } from 'vitest'
import { input } from '../graph/expression'
import { gradients } from '../graph/gradient'
import { concatenate, flatten, stack } from '../graph/operators'
import { createRandom } from '../random'
import { routers } from '../routers'
import { expertNumbers } from '../routers/routing'
import { routedLayers } from './adapt-routers'
import { groupedExperts } from './experts/grouped'
import { clearWeights, compute, modelWith, randomBatch, routerNoise, trainStepOptions } from './models.fixture'
import { parameterLayout } from './parameters'
import { trainingLoss } from './training-loss'
import { slicedWeights } from './weights'

const batch = { batch: 2, context: 8 }
const tokens = batch.batch * batch.context

test.each(routers.map(({ kind }) => kind))('its gradient against central differences, routing frozen: %s', (kind) => {
  const architecture = modelWith(kind, { layers: 1 })
  const { parameters: places, size } = parameterLayout(architecture)
  const flat = input('parameters', 'float32', [size])
  const { weights, parts } = slicedWeights(architecture, flat)
  const { total, routing } = trainingLoss(architecture, groupedExperts, { ...trainStepOptions, ...batch }, weights)
  const graph = { total, experts: stack(routing.map(expertNumbers)) }
  const given = { ...randomBatch(architecture, tokens), ...routerNoise(architecture, tokens) }
  const parameters = Float64Array.from(clearWeights(architecture))
  const at = (data: Float64Array) => compute(graph, { ...given, parameters: { type: 'float32', shape: [size], data } })
  const gradient = compute(
    { all: concatenate(gradients(total, parts).map(flatten), 0) },
    { ...given, parameters: { type: 'float32', shape: [size], data: parameters } }
  ).all
  const { experts } = at(parameters)
  const random = createRandom(1, 'model/directions')
  const adapted = adaptedBy(kind)
  for (const { name, part, offset, size } of places) {
    const own = gradient?.subarray(offset, offset + size) ?? new Float64Array()
    // State that a router changes itself is a constant of the loss.
    if (adapted.has(part)) {
      expect([name, ...own]).toEqual([name, ...new Array(size).fill(0)])
      continue
    }
    const direction = Array.from({ length: size }, () => random.normal() / Math.sqrt(size))
    const moved = (by: number) => {
      const data = parameters.slice()
      for (const [i, each] of direction.entries()) data[offset + i] = (data[offset + i] ?? 0) + by * each
      return at(data)
    }
    const [above, below] = [moved(step), moved(-step)]
    // A flip of the routing is a step of the loss, which no gradient describes.
    expect([above.experts, below.experts]).toEqual([experts, experts])
    const difference = ((above.total?.[0] ?? Number.NaN) - (below.total?.[0] ?? Number.NaN)) / (2 * step)
    const along = own.reduce((sum, each, i) => sum + each * (direction[i] ?? 0), 0)
    expect([name, Math.abs(along - difference) <= 1e-6 * Math.max(1e-3, Math.hypot(...own))]).toEqual([name, true])
  }
})

/** Small enough that no token changes its experts. */
const step = 1e-5

/** Parts that the routers of a kind change after a step. */
function adaptedBy(kind: string): ReadonlySet<string> {
  const names = routedLayers(modelWith(kind, { layers: 1 })).flatMap(({ shape, router }) => {
    const load = new Float32Array(shape.experts)
    const parameter = () => new Float32Array(shape.experts)
    return Object.keys(router.afterStep?.({ load, loads: [load], tokens, parameter }) ?? {})
  })
  return new Set(names.map((name) => `router.${name}`))
}
