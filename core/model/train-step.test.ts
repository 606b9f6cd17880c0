/** The train step in the reference evaluator, against what it is defined by. */
import { expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { moeLayers } from '../arch/architecture'
import type { Values } from '../graph/tensor'
import { createRandom } from '../random'
import { evaluation } from './evaluation'
import { capacityExperts } from './experts/capacity'
import { groupedExperts } from './experts/grouped'
import { architectures, compute, largestDifference, trainStepInputs, trainStepOptions } from './models.fixture'
import { parameterLayout } from './parameters'
import { trainStep } from './train-step'

const batch = { batch: 2, context: 8 }
const tokens = batch.batch * batch.context
const kinds = Object.entries(architectures)

/** A step whose new first moment is the gradient itself. */
const bare = { ...trainStepOptions, ...batch, beta1: 0, clip: 1e9 }

test.each(kinds)('the gradient of every parameter against central differences: %s', (_, architecture) => {
  const inputs = trainStepInputs(architecture, tokens)
  const parameters = dataOf(inputs, 'parameters')
  const graph = { ...evaluation(architecture, groupedExperts, batch), ...trainStep(architecture, groupedExperts, bare) }
  const at = (data: Float64Array) => {
    const moved = { ...inputs, parameters: { type: 'float32', shape: [data.length], data } } as const
    const { loss, balance_loss, z_loss, experts } = compute(graph, moved, ['loss', 'balance_loss', 'z_loss', 'experts'])
    const router = (balance_loss?.[0] ?? 0) * bare.balanceLoss + (z_loss?.[0] ?? 0) * bare.zLoss
    return { total: (loss?.[0] ?? Number.NaN) + router, experts }
  }
  const gradient = gradientOf(architecture, inputs)
  const { experts } = at(parameters)
  const random = createRandom(1, 'model/directions')
  // One random direction within each matrix: two evaluations instead of two for each of its elements.
  const wrong = parameterLayout(architecture).parameters.filter(({ offset, size }) => {
    const direction = parameters.map((_, i) =>
      i >= offset && i < offset + size ? random.normal() / Math.sqrt(size) : 0
    )
    const [above, below] = [step, -step].map((by) => at(parameters.map((each, i) => each + by * (direction[i] ?? 0))))
    // A flip of the routing is a step of the loss, which no gradient describes.
    expect([above?.experts, below?.experts]).toEqual([experts, experts])
    const difference = ((above?.total ?? Number.NaN) - (below?.total ?? Number.NaN)) / (2 * step)
    const along = gradient.reduce((sum, each, i) => sum + each * (direction[i] ?? 0), 0)
    return !(Math.abs(along - difference) <= 1e-6 * Math.hypot(...gradient.subarray(offset, offset + size)))
  })
  expect(wrong.map((each) => each.name)).toEqual([])
})

/** Small enough that no token changes its experts. */
const step = 1e-5

test.each(kinds)('clipping and AdamW follow from the gradient: %s', (_, architecture) => {
  const { beta1, beta2, epsilon, weightDecay, clip } = trainStepOptions
  const inputs = trainStepInputs(architecture, tokens)
  const [first, second] = [dataOf(inputs, 'first_moment'), dataOf(inputs, 'second_moment')]
  const [rate = 0, correct1 = 0, correct2 = 0] = dataOf(inputs, 'rates')
  const raw = gradientOf(architecture, inputs)
  const norm = Math.hypot(...raw)
  expect(norm).toBeGreaterThan(clip)
  const gradient = raw.map((each) => (each * clip) / norm)
  const m = gradient.map((each, i) => beta1 * (first[i] ?? 0) + (1 - beta1) * each)
  const v = gradient.map((each, i) => beta2 * (second[i] ?? 0) + (1 - beta2) * each ** 2)
  const { decayed, size } = parameterLayout(architecture)
  const parameters = dataOf(inputs, 'parameters').map((each, i) => {
    const decay = i < decayed ? rate * weightDecay : 0
    return each * (1 - decay) - (rate * (m[i] ?? 0) * correct1) / (Math.sqrt((v[i] ?? 0) * correct2) + epsilon)
  })
  const found = compute(trainStep(architecture, groupedExperts, { ...trainStepOptions, ...batch }), inputs)
  expect(raw).toHaveLength(size)
  expect(found.gradient_norm?.[0]).toBeCloseTo(norm, 9)
  // Up to the 1e-6 that the step adds to the norm it divides by.
  expect(largestDifference(found.new_first_moment, m)).toBeLessThan(1e-6)
  expect(largestDifference(found.new_second_moment, v)).toBeLessThan(1e-6)
  expect(largestDifference(found.new_parameters, parameters)).toBeLessThan(1e-6)
})

test.each(kinds)('experts with room for all give the same step: %s', (_, architecture) => {
  const inputs = trainStepInputs(architecture, tokens)
  const dropless = compute(trainStep(architecture, groupedExperts, bare), inputs)
  const roomy = compute(trainStep(architecture, capacityExperts(tokens), bare), inputs)
  const differences = Object.keys(dropless).map(
    (name) => [name, largestDifference(roomy[name], dropless[name])] as const
  )
  expect(differences.filter(([, difference]) => !(difference < 1e-9))).toEqual([])
})

test.each(kinds.slice(1))(
  'assignments beyond the capacity are counted and marked as dropped: %s',
  (_, architecture) => {
    const inputs = trainStepInputs(architecture, tokens)
    const layers = moeLayers(architecture).length
    const sums = (data: Float64Array | undefined, of: (each: number) => number) => {
      const rows = Array.from(data ?? [], of)
      const size = rows.length / layers
      return Array.from({ length: layers }, (_, layer) =>
        rows.slice(layer * size, (layer + 1) * size).reduce((sum, each) => sum + each, 0)
      )
    }
    const capacity = 3
    const step = compute(trainStep(architecture, capacityExperts(capacity), bare), inputs)
    const excess = sums(step.load, (each) => Math.max(0, each - capacity))
    expect(Math.min(...excess)).toBeGreaterThan(0)
    expect(sums(step.dropped, (each) => each)).toEqual(excess)
    const evaluated = compute(evaluation(architecture, capacityExperts(capacity), batch), inputs)
    expect(sums(evaluated.dropped, (each) => each)).toEqual(excess)
  }
)

test.each(kinds.slice(1))('a router that sees no difference is balanced: %s', (_, architecture) => {
  const inputs = trainStepInputs(architecture, tokens)
  const data = dataOf(inputs, 'parameters').slice()
  const routers = parameterLayout(architecture).parameters.filter(({ part }) => part === 'router')
  for (const { offset, size } of routers) data.fill(0, offset, offset + size)
  const found = compute(trainStep(architecture, groupedExperts, bare), {
    ...inputs,
    parameters: { type: 'float32', shape: [data.length], data }
  })
  const layers = moeLayers(architecture).length
  // Of four equal logits every probability is 1/4, whichever are chosen, and logsumexp is ln 4.
  expect(found.balance_loss?.[0]).toBeCloseTo(layers, 9)
  expect(found.z_loss?.[0]).toBeCloseTo(layers * Math.log(4) ** 2, 9)
  const moe = architecture.layers[0]?.feedForward
  const choices = moe?.kind === 'moe' ? moe.topK : 0
  expect(found.load?.reduce((a, b) => a + b)).toBe(layers * tokens * choices)
})

test('masked weights that are 0 stay 0, and the gradient of the others is as it was', () => {
  const architecture = architectures.dense
  if (!architecture) throw new Error('expected a dense model')
  const given = trainStepInputs(architecture, tokens)
  const random = createRandom(1, 'model/mask')
  const mask = dataOf(given, 'parameters').map(() => Number(random.uniform() < 0.5))
  const vector = (data: Float64Array): Values => ({ type: 'float32', shape: [data.length], data })
  const masked = (name: string) => vector(dataOf(given, name).map((each, i) => each * (mask[i] ?? 0)))
  const inputs = {
    ...given,
    parameters: masked('parameters'),
    first_moment: masked('first_moment'),
    second_moment: masked('second_moment')
  }
  const step = compute(trainStep(architecture, groupedExperts, { ...trainStepOptions, ...batch, masked: true }), {
    ...inputs,
    mask: vector(mask)
  })
  const off = (name: string) => Array.from(step[name] ?? []).filter((_, i) => mask[i] === 0)
  for (const name of ['new_parameters', 'new_first_moment', 'new_second_moment']) {
    expect(off(name).filter((each) => each !== 0)).toEqual([])
    expect(off(name).length).toBeGreaterThan(0)
  }
  const kept = gradientOf(architecture, inputs).map((each, i) => each * (mask[i] ?? 0))
  expect(step.gradient_norm?.[0]).toBeCloseTo(Math.hypot(...kept), 9)
})

function gradientOf(architecture: Architecture, inputs: Readonly<Record<string, Values>>): Float64Array {
  const graph = trainStep(architecture, groupedExperts, bare)
  return compute(graph, inputs, ['new_first_moment']).new_first_moment ?? new Float64Array()
}

function dataOf(inputs: Readonly<Record<string, Values>>, name: string): Float64Array {
  return inputs[name]?.data ?? new Float64Array()
}
