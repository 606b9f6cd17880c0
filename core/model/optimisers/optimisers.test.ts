/** Every transform in the reference evaluator, against its closed form. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { input } from '../../graph/expression'
import { values } from '../../graph/tensor'
import { compute, largestDifference } from '../models.fixture'
import { adamW } from './adamw'
import type { Optimiser } from './optimiser'
import { chain } from './optimiser'
import { clipByGlobalNorm, decoupledWeightDecay, globalNorm, scaleByAdam, scaleByLearningRate } from './transforms'

/** Parameters after each step of an optimiser whose gradient may depend on them. */
function optimise(
  optimiser: Optimiser,
  start: readonly number[],
  learningRate: number,
  gradientAt: (step: number, parameters: readonly number[]) => readonly number[],
  steps: number
): number[][] {
  const vector = (data: ArrayLike<number>) => values('float32', [data.length], Float64Array.from(data))
  const [parameters, gradient] = ['parameters', 'gradient'].map((name) => input(name, 'float32', [start.length]))
  if (!parameters || !gradient) throw new Error('unreachable')
  const graph = optimiser.step({ parameters, update: gradient })
  const reached: number[][] = []
  let state: Record<string, ArrayLike<number>> = Object.fromEntries(
    optimiser.vectors.map((name) => [name, start.map(() => 0)])
  )
  for (let step = 1; step <= steps; step++) {
    const before = reached.at(-1) ?? start
    const inputs = {
      ...state,
      parameters: before,
      gradient: gradientAt(step, before),
      rates: optimiser.ratesAt(step, learningRate)
    }
    const found = compute(graph, Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, vector(data)])))
    state = Object.fromEntries(optimiser.vectors.map((name) => [name, found[`new_${name}`] ?? []]))
    reached.push(Array.from(found.new_parameters ?? []))
  }
  return reached
}

const steps = 4
/** Gradients without a pattern, of either sign. */
const gradientAt = (step: number) => [3 * step - 7, 1 / step, -step]

test('the norm of the whole vector', () => {
  const x = input('x', 'float32', [3])
  expect(compute({ norm: globalNorm(x) }, { x: values('float32', [3], [2, -3, 6]) }).norm?.[0]).toBe(7)
})

test('gradient descent is a chain of one: x falls as (1 - rate)^t on x^2 / 2', () => {
  const found = optimise(chain(scaleByLearningRate()), [1, -2], 0.25, (_, x) => x, steps)
  expect(found).toEqual([1, 2, 3, 4].map((t) => [0.75 ** t, -2 * 0.75 ** t]))
})

test('a clipped gradient keeps its direction and has at most the norm; a small one stays as it is', () => {
  const component = fc.double({ min: -100, max: 100, noNaN: true })
  fc.assert(
    fc.property(component, component, (x, y) => {
      const clipped = optimise(chain(clipByGlobalNorm(5), scaleByLearningRate()), [0, 0], 1, () => [x, y], 1)
      const shrink = Math.min(1, 5 / (Math.hypot(x, y) + 1e-6))
      expect(largestDifference(clipped[0], [-x * shrink, -y * shrink])).toBeLessThan(1e-9)
    })
  )
  expect(optimise(chain(clipByGlobalNorm(5), scaleByLearningRate()), [0, 0], 1, () => [3, -3], 1)).toEqual([[-3, 3]])
})

test('Adam divides the mean of the gradients by the root of the mean of their squares, both freed of their start', () => {
  const options = { beta1: 0.8, beta2: 0.9, epsilon: 1e-3 }
  const found = optimise(chain(scaleByAdam(options), scaleByLearningRate()), [0, 0, 0], 1, gradientAt, steps)
  const mean = (beta: number, t: number, of: (step: number) => number) => {
    const weights = Array.from({ length: t }, (_, i) => beta ** (t - 1 - i))
    const total = weights.reduce((sum, weight, i) => sum + weight * of(i + 1), 0)
    return total / weights.reduce((a, b) => a + b)
  }
  const expected = [0, 0, 0]
  for (let t = 1; t <= steps; t++) {
    for (const i of expected.keys()) {
      const gradient = (step: number) => gradientAt(step)[i] ?? Number.NaN
      const m = mean(options.beta1, t, gradient)
      const v = mean(options.beta2, t, (step) => gradient(step) ** 2)
      expected[i] = (expected[i] ?? 0) - m / (Math.sqrt(v) + options.epsilon)
    }
    // The corrections for the start are given as float32.
    expect(largestDifference(found[t - 1], expected)).toBeLessThan(1e-6)
  }
})

test('weight decay shrinks the first parameters geometrically and leaves the others', () => {
  const decay = chain(decoupledWeightDecay(0.5, 2), scaleByLearningRate())
  const found = optimise(decay, [1, -4, 8], 0.25, () => [0, 0, 0], steps)
  expect(found).toEqual([1, 2, 3, 4].map((t) => [0.875 ** t, -4 * 0.875 ** t, 8]))
})

test('AdamW without decay and with room for the gradient is Adam; its decay adds to the same update', () => {
  const options = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, clip: 1e9 }
  const adam = chain(scaleByAdam(options), scaleByLearningRate())
  const start = [1, 2, 3]
  const plain = optimise(adam, start, 0.01, gradientAt, 1)
  expect(optimise(adamW({ ...options, weightDecay: 0 }, 3), start, 0.01, gradientAt, 1)).toEqual(plain)
  const decayed = optimise(adamW({ ...options, weightDecay: 0.1 }, 2), start, 0.01, gradientAt, 1)
  const shrunk = [0.001, 0.002, 0].map((by, i) => (plain[0]?.[i] ?? Number.NaN) - by)
  expect(largestDifference(decayed[0], shrunk)).toBeLessThan(1e-9)
})

test('a chain lists the vectors of its transforms and refuses one name twice', () => {
  const adam = scaleByAdam({ beta1: 0.9, beta2: 0.98, epsilon: 1e-8 })
  expect(chain(clipByGlobalNorm(1), adam).vectors).toEqual(['first_moment', 'second_moment'])
  expect(() => chain(adam, adam)).toThrow("two transforms of an optimiser carry a vector 'first_moment'")
})
