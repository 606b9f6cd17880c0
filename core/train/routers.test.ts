/** Trainings with every router. */
import * as native from 'onnxruntime-node'
import * as wasm from 'onnxruntime-web/wasm'
import { describe, expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { withRouter } from '../arch/own-keys'
import { createWorld, generateCorpus, tokenizer, validationWindows } from '../corpus'
import { createEvaluator } from '../evaluate/evaluate'
import { recipeSchema } from '../formats/training-report'
import { modelWith } from '../model/models.fixture'
import { routers } from '../routers'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import { readSavedRun, writeSavedRun } from './saved-run'
import type { TrainingState, TrainingStep } from './trainer'
import { createTrainer } from './trainer'

const cpu = createOnnxRuntimeBackend(native, { name: 'native', threads: 1 })
const corpus = generateCorpus({ world: createWorld({ edition: 1 }), seed: 1, split: 'train', characters: 60_000 })
const context = 16
const recipe = recipeSchema.parse({ learning_rate: 1e-2, batch: 8, characters: 8 * context * 400, warmup_steps: 10 })

const model = (kind: string) => modelWith(kind, { vocabularySize: tokenizer.size, context })

describe.each(routers.map(({ kind }) => kind))('%s', (kind) => {
  test('20 steps on WASM and native give the same losses', async () => {
    const other = createOnnxRuntimeBackend(wasm, { name: 'wasm', threads: 1 })
    const [one, two] = [await train(model(kind), 20), await train(model(kind), 20, { backend: other })]
    const losses = (steps: readonly TrainingStep[]) => steps.map(({ loss }) => loss)
    for (const [step, loss] of losses(one.records).entries()) {
      expect(Math.abs(loss - (losses(two.records)[step] ?? Number.NaN))).toBeLessThan(1e-4)
    }
    expect(one.records.at(-1)?.loss).toBeLessThan((one.records[0]?.loss ?? 0) - 0.2)
  })

  test('what is saved in its midst goes on to the same weights bit for bit', async () => {
    const whole = await train(model(kind), 8)
    const begun = await train(model(kind), 3)
    const progress = { seconds: 1, trainingLoss: [], openStretch: { sum: 0, count: 0 }, curve: [] }
    const saved = readSavedRun(writeSavedRun({ state: begun.state, ...progress }, 'this one'), 'this one')
    const resumed = await train(model(kind), 8, { saved: saved.state })
    expect(resumed.state).toEqual(whole.state)
    expect([...begun.records, ...resumed.records]).toEqual(whole.records)
  })
})

describe('trained to its end', () => {
  /** Mean over layers of the largest load over the mean, less 1, in the last steps. */
  const unevenness = (records: readonly TrainingStep[], experts: number) => {
    const last = records.slice(-20)
    const loads = Array.from({ length: (last[0]?.load?.length ?? 0) / experts }, (_, layer) =>
      Array.from({ length: experts }, (_, expert) =>
        last.reduce((sum, { load }) => sum + (load?.[layer * experts + expert] ?? 0), 0)
      )
    )
    const mean = (row: readonly number[]) => row.reduce((a, b) => a + b, 0) / row.length
    return mean(loads.map((row) => Math.max(...row) / mean(row) - 1))
  }

  test('loss-free balancing evens the load, without a balance loss in the gradient', async () => {
    const balanced = (update_rate: number) =>
      train(withRouter(model('loss-free'), { kind: 'loss-free', update_rate }), 200)
    const [still, moving] = [await balanced(0), await balanced(0.01)]
    expect(unevenness(still.records, 8)).toBeGreaterThan(1)
    expect(unevenness(moving.records, 8)).toBeLessThan(0.35)
    expect(moving.records.at(-1)?.loss).toBeLessThan((still.records.at(-1)?.loss ?? 0) + 0.05)
  })

  test('ReLU routing comes to the wanted number of experts of a token', async () => {
    const { records } = await train(model('relu'), 300)
    const perToken = ({ load }: TrainingStep) => Array.from(load ?? []).reduce((a, b) => a + b, 0) / (2 * 8 * context)
    const first = records[0]
    const last = records.slice(-50).map(perToken)
    // At random half of the logits are above 0: four of eight experts.
    expect(first && perToken(first)).toBeCloseTo(4, 0)
    expect(last.reduce((a, b) => a + b, 0) / last.length).toBeCloseTo(2, 0.7)
  })

  test('expert choice fills all experts in every step, and loses little where it must not see the future', async () => {
    const { state, records } = await train(model('expert-choice'), 300)
    for (const { load } of records) expect(new Set(load)).toEqual(new Set([(2 * 8 * context) / 8]))
    const windows = validationWindows(corpus, context)
    const [past, future] = await Promise.all(
      [false, true].map(async (training) => {
        const evaluator = await createEvaluator(cpu, model('expert-choice'), context, { training })
        const found = await evaluator.evaluate(state.parameters, windows)
        await evaluator.release()
        return found
      })
    )
    expect(past?.loss).not.toBe(future?.loss)
    expect(Math.abs((past?.loss ?? Number.NaN) - (future?.loss ?? Number.NaN))).toBeLessThan(0.05)
  })
})

interface Options {
  readonly backend?: typeof cpu
  readonly saved?: TrainingState
}

async function train(architecture: Architecture, until: number, { backend = cpu, saved }: Options = {}) {
  const trainer = await createTrainer(backend, architecture, corpus, recipe, { saved })
  const records: TrainingStep[] = []
  while (trainer.state.step < until) records.push(await trainer.step())
  await trainer.release()
  return { state: trainer.state, records }
}
