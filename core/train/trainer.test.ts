import * as onnxRuntime from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { topKRouterSpec } from '../arch/architecture'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { createWorld, generateCorpus, tokenizer, validationWindows } from '../corpus'
import { createEvaluator } from '../evaluate/evaluate'
import { recipeSchema } from '../formats/training-report'
import { initialWeights } from '../model/initial-weights'
import { clearWeights } from '../model/models.fixture'
import type { Backend } from '../runtime/backend'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import { learningRate, stepsOf, validationSteps } from './recipe'
import type { Teacher } from './teacher'
import type { TrainerOptions, TrainingState } from './trainer'
import { createTrainer } from './trainer'

const backend = createOnnxRuntimeBackend(onnxRuntime, { name: 'native', threads: 1 })
const corpus = generateCorpus({ world: createWorld(), seed: 1, split: 'train', characters: 30_000 })
const recipe = recipeSchema.parse({ learning_rate: 1e-2, batch: 8, characters: 8 * 64 * 60, warmup_steps: 10 })
const shape = { width: 16, vocabularySize: tokenizer.size }
const moe = moeArchitecture({ ...shape, experts: 4 })

async function train(until: number, options: TrainerOptions = {}): Promise<{ state: TrainingState; losses: number[] }> {
  const trainer = await createTrainer(backend, moe, corpus, recipe, options)
  const losses: number[] = []
  while (trainer.state.step < until) losses.push((await trainer.step()).loss)
  await trainer.release()
  return { state: trainer.state, losses }
}

/** Half of the weights of a model stay 0. */
const weights = initialWeights(moe, 5)
const mask = weights.map((_, i) => i % 2)
const masked = { weights: weights.map((each, i) => each * (mask[i] ?? 0)), mask }

const teacher: Teacher = { architecture: moe, parameters: clearWeights(moe), share: 0.5, temperature: 2 }

test.each([
  ['drawn weights', {}],
  ['a teacher', { teacher }],
  ['given weights, of which some stay 0', masked]
])('an interrupted training resumes to the same weights bit for bit: %s', async (_, start: TrainerOptions) => {
  const whole = await train(12, start)
  const interrupted = await train(5, start)
  const { teacher } = start
  const resumed = await train(12, { teacher, saved: interrupted.state })
  expect(resumed.state).toEqual(whole.state)
  expect([...interrupted.losses, ...resumed.losses]).toEqual(whole.losses)
})

test('weights that stay 0 are 0 after every step, and all others learn', async () => {
  const { state } = await train(3, masked)
  const moved = state.parameters.filter((each, i) => each !== masked.weights[i]).length
  expect(state.parameters.filter((each, i) => mask[i] === 0 && each !== 0)).toHaveLength(0)
  expect(moved).toBe(mask.filter((each) => each === 1).length)
})

test('a student that begins as its teacher has nothing to learn from it; any other comes nearer to it', async () => {
  const same = await createTrainer(backend, moe, corpus, recipe, { weights: teacher.parameters, teacher })
  expect((await same.step()).distillationLoss).toBeCloseTo(0, 5)
  await same.release()
  const other = await createTrainer(backend, denseArchitecture(shape), corpus, recipe, {
    teacher: { ...teacher, share: 1 }
  })
  const first = await other.step()
  let last = first
  while (other.state.step < other.steps) last = await other.step()
  await other.release()
  expect(last.distillationLoss).toBeLessThan(0.9 * (first.distillationLoss ?? 0))
})

test.each([
  ['a dense model', denseArchitecture(shape)],
  ['a model with experts', moe],
  ['top-1', moeArchitecture({ ...shape, experts: 4, topK: 1, router: topKRouterSpec(false) })],
  ['a shared expert', moeArchitecture({ ...shape, experts: 4, sharedWidth: 16 })]
])('%s learns: the loss falls from that of a uniform guess', async (_, architecture) => {
  const trainer = await createTrainer(backend, architecture, corpus, recipe)
  const first = await trainer.step()
  let last = first
  while (trainer.state.step < trainer.steps) last = await trainer.step()
  await trainer.release()
  expect(first.loss).toBeCloseTo(Math.log(tokenizer.size), 0)
  expect(last.loss).toBeLessThan(first.loss - 0.7)
  const layers = architecture.layers.filter((layer) => layer.feedForward.kind === 'moe').length
  const assignments = Array.from(last.load ?? []).reduce((a, b) => a + b, 0)
  const topK = architecture.layers[0]?.feedForward.kind === 'moe' ? architecture.layers[0].feedForward.topK : 0
  expect(assignments).toBe(layers * topK * 8 * 64)
})

test('on a GPU what finds its expert full is reported, and every choice still counts as load', async () => {
  // The same runtime under the other name: the GPU's graphs, computed where this test can.
  const gpu: Backend = { ...backend, name: 'webgpu' }
  const architecture = moeArchitecture({ ...shape, experts: 16, topK: 2, layers: 1 })
  const trainer = await createTrainer(gpu, architecture, corpus, recipe)
  const { load, dropped } = await trainer.step()
  await trainer.release()
  const assignments = 8 * 64 * 2
  const capacity = (2 * assignments) / 16
  expect(load?.reduce((a, b) => a + b)).toBe(assignments)
  const excess = load?.reduce((sum, each) => sum + Math.max(0, each - capacity), 0)
  expect(excess).toBeGreaterThan(0)
  expect([...(dropped ?? [])]).toEqual([excess])
})

test('on a GPU an evaluation drops nothing: it measures the same', async () => {
  const windows = validationWindows(corpus, moe.context)
  const parameters = clearWeights(moe)
  const [cpu, gpu] = await Promise.all(
    [backend, { ...backend, name: 'webgpu' } as const].map(async (each) => {
      const evaluator = await createEvaluator(each, moe, moe.context)
      const found = await evaluator.evaluate(parameters, windows)
      await evaluator.release()
      return found
    })
  )
  expect(gpu?.loss).toBeCloseTo(cpu?.loss ?? Number.NaN, 5)
  expect(gpu?.characters).toBe(cpu?.characters)
  expect(gpu?.assignments).toEqual(cpu?.assignments)
})

test('a diverging training says so and keeps the last good weights', async () => {
  const trainer = await createTrainer(backend, moe, corpus, { ...recipe, learning_rate: 1e30, warmup_steps: 0 })
  await trainer.step()
  const good = trainer.state
  await expect(
    (async () => {
      for (let i = 0; i < 3; i++) await trainer.step()
    })()
  ).rejects.toThrow('choose a smaller learning rate')
  expect(trainer.state.step).toBeGreaterThanOrEqual(good.step)
  await trainer.release()
})

test('the learning rate rises linearly and falls along a cosine to its last part', () => {
  const wide = { ...recipe, warmup_steps: 80, learning_rate: 1 }
  expect(learningRate(wide, 0, 1000)).toBeCloseTo(1 / 80, 4)
  expect(learningRate(wide, 79, 1000)).toBeCloseTo(0.97 * 0.5 * (1 + Math.cos(Math.PI * 0.079)) + 0.03, 10)
  expect(learningRate(wide, 500, 1000)).toBeCloseTo(0.5 * 0.97 + 0.03, 10)
  expect(learningRate(wide, 1000, 1000)).toBeCloseTo(0.03, 10)
})

test('the learning rate falls evenly where that is asked for, and not at all to the whole of its peak', () => {
  const even = { ...recipe, warmup_steps: 0, learning_rate: 1, final_rate: 0.2, decay: 'linear' as const }
  expect([0, 250, 750, 1000].map((step) => learningRate(even, step, 1000))).toEqual([1, 0.8, 0.4, 0.2])
  const constant = { ...recipe, warmup_steps: 10, learning_rate: 0.5, final_rate: 1 }
  expect([4, 9, 500, 999].map((step) => learningRate(constant, step, 1000))).toEqual([0.25, 0.5, 0.5, 0.5])
})

test('steps and validation points of the shipped recipe', () => {
  expect(stepsOf({ ...recipe, characters: 8_000_000, batch: 32 }, 64)).toBe(3906)
  expect(validationSteps(3906)).toEqual([31, 61, 122, 244, 488, 977, 1953, 2930, 3906])
})
