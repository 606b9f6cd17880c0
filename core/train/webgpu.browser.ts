/** Training, evaluation and changed routers on WebGPU, with the fallback to the CPU forbidden, against the reference evaluator. */
import { beforeAll, expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { createBatches, createWorld, generateCorpus } from '../corpus'
import { createEvaluator } from '../evaluate/evaluate'
import { recipeSchema } from '../formats/training-report'
import { chooseEvaluationDispatch } from '../model/experts/choose'
import { changedGraph, interventions } from '../model/interventions.fixture'
import { architectures, clearWeights, largestDifference } from '../model/models.fixture'
import { disagreement } from '../runtime/agreement'
import type { Backend } from '../runtime/backend'
import { createReferenceBackend } from '../runtime/reference'
import { webgpuForTests } from '../runtime/webgpu.fixture'
import type { TrainingStep } from './trainer'
import { createTrainer } from './trainer'

// A dense model, and the one that has all there is, of as few layers as show it: SwiftShader takes long to compile.
const [dense, full] = [architectures.dense, Object.values(architectures).at(-1)] as [Architecture, Architecture]
const { 'norms of queries and keys in each head, a window, a bias on the output': qwen3 = dense } = architectures
const kinds: [string, Architecture][] = [
  ['a dense model', { ...dense, layers: dense.layers.slice(-1) }],
  ['one with experts', { ...full, layers: full.layers.slice(-2) }],
  ['one with norms of queries and keys and a window', { ...qwen3, layers: qwen3.layers.slice(-1) }]
]
const corpus = generateCorpus({ world: createWorld(), seed: 1, split: 'train', characters: 2000 })
const recipe = recipeSchema.parse({ learning_rate: 0.01, batch: 2, z_loss: 0.01 })
const reference = createReferenceBackend()
let webgpu: Backend

beforeAll(async () => {
  webgpu = await webgpuForTests()
})

test.each(kinds)('training: %s', async (_, architecture) => {
  const train = async (backend: Backend) => {
    const trainer = await createTrainer(backend, architecture, corpus, recipe)
    const records: TrainingStep[] = []
    while (trainer.state.step < 4) records.push(await trainer.step())
    await trainer.release()
    return records
  }
  const [found, expected] = [await train(webgpu), await train(reference)]
  for (const figure of ['loss', 'gradientNorm', 'balanceLoss', 'zLoss'] as const) {
    const [of, wanted] = [found, expected].map((records) => records.map((record) => record[figure] ?? 0))
    expect(largestDifference(of, wanted)).toBeLessThan(1e-4)
  }
  // With two of four experts and twice the even share, an expert has room for every token.
  expect(found.map(({ load }) => load)).toEqual(expected.map(({ load }) => load))
  expect(found.map(({ dropped }) => [...(dropped ?? [])])).toEqual(expected.map(({ load }) => (load ? [0] : [])))
})

test.each(kinds)('evaluation: %s', async (_, architecture) => {
  const { context } = architecture
  const windows = createBatches(corpus, { context, batch: 6, seed: 1 })(0)
  const evaluate = async (backend: Backend) => {
    const evaluator = await createEvaluator(backend, architecture, context)
    const found = await evaluator.evaluate(clearWeights(architecture), windows)
    await evaluator.release()
    return found
  }
  const [found, expected] = [await evaluate(webgpu), await evaluate(reference)]
  const losses = ({ loss, domains }: typeof found) => [loss, ...Object.values(domains).map((each) => each.loss)]
  expect(largestDifference(losses(found), losses(expected))).toBeLessThan(1e-4)
  expect(found.characters).toBe(6 * context)
  expect(found.assignments).toEqual(expected.assignments)
})

test.each(Object.entries(interventions))('a changed router: %s', async (_, intervention) => {
  const experts = architectures['top-2 of 4 experts'] as Architecture
  const architecture = { ...experts, layers: experts.layers.slice(-1) }
  const { graph, inputs } = changedGraph(architecture, intervention, { dispatch: chooseEvaluationDispatch('gpu', 16) })
  expect(await disagreement(webgpu, graph, inputs)).toBeLessThan(1e-4)
})
