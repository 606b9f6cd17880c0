/** Trainings with every router. */
import * as native from 'onnxruntime-node'
import * as wasm from 'onnxruntime-web/wasm'
import { describe, expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { createWorld, generateCorpus, tokenizer } from '../corpus'
import { recipeSchema } from '../formats/training-report'
import { modelWith } from '../model/models.fixture'
import { routers } from '../routers'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import { readSavedRun, writeSavedRun } from './saved-run'
import type { TrainingState, TrainingStep } from './trainer'
import { createTrainer } from './trainer'

const cpu = createOnnxRuntimeBackend(native, { name: 'native', threads: 1 })
const corpus = generateCorpus({ world: createWorld(), seed: 1, split: 'train', characters: 60_000 })
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

interface Options {
  readonly backend?: typeof cpu
  readonly saved?: TrainingState
}

async function train(architecture: Architecture, until: number, { backend = cpu, saved }: Options = {}) {
  const trainer = await createTrainer(backend, architecture, corpus, recipe, saved)
  const records: TrainingStep[] = []
  while (trainer.state.step < until) records.push(await trainer.step())
  await trainer.release()
  return { state: trainer.state, records }
}
