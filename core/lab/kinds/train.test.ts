import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { moeArchitecture } from '../../arch/presets'
import { compress, readTransform } from '../../compress'
import { createCalibration } from '../../compress/calibration'
import { storedModelOf } from '../../compress/stored-model'
import { tokenizer } from '../../corpus'
import { createEvaluator } from '../../evaluate/evaluate'
import { validationText } from '../../evaluate/validation-text'
import { byteSource } from '../../formats/byte-source'
import { corpusSpecSchema, recipeSchema, trainingReportSchema } from '../../formats/training-report'
import { readWeights } from '../../model/checkpoint'
import { initialWeights } from '../../model/initial-weights'
import { openModel } from '../../model/runnable-model'
import { createRandom } from '../../random'
import { openTensorStore } from '../../tensors/store'
import { trainRun } from '../../train/run'
import { keptCheckpoints } from '../checkpoints'
import { UnwrittenError } from '../execute'
import type { Execution } from '../queue'
import { sha256 } from '../run-id'
import type { RunStore } from '../store'
import { trainSpec } from '../train-spec'
import { backend, copyOf, createSmallLab, modelOf, refusing, smallMoe } from './lab.fixture'
import type { TrainEvent } from './train'
import { requireReader } from './train-models'

const context = 32
const steps = 12
const plan = {
  architecture: moeArchitecture({ width: 8, vocabularySize: tokenizer.size, experts: 4, layers: 1, context }),
  corpus: corpusSpecSchema.parse({ characters: 4000, validation_characters: 900 }),
  recipe: recipeSchema.parse({ learning_rate: 0.01, batch: 2, characters: 2 * context * steps })
}
const spec = trainSpec(plan, { every: 4 })

/** Weights by checkpoint, what was measured, and which files there are. */
async function resultOf(store: RunStore) {
  const files = store.files('run')
  const read = async (name: string) => (await files.read(name)) ?? new Uint8Array()
  const { seconds: _, ...report } = trainingReportSchema.parse(
    JSON.parse(new TextDecoder().decode(await read('training.json')))
  )
  const kept = await Promise.all(
    (await keptCheckpoints(files)).map(async (each) => [
      each.step,
      (await openModel('kept', await each.files())).parameters
    ])
  )
  return { report, kept, weights: await read('model.safetensors'), names: await files.names() }
}

const cancelAt =
  (step: number) =>
  (event: unknown, execution: Execution): void => {
    const reported = event as TrainEvent
    if (reported.kind === 'step' && reported.record.step === step) execution.cancel()
  }

/** From here on every step seems to take 11 s: each is saved. */
function slowClock(): void {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 11_000))
}

afterEach(() => void vi.restoreAllMocks())

const lab = createSmallLab()
let result: Awaited<ReturnType<typeof resultOf>>

beforeAll(async () => {
  await lab.compute('train', spec)
  result = await resultOf(lab.store)
})

test('the result is a model folder with its checkpoints, as the training loop gives them', async () => {
  expect(result.names).toEqual([
    ...[12, 4, 8].flatMap((step) =>
      ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'].map(
        (name) => `checkpoints/step-${step}/${name}`
      )
    ),
    'config.json',
    'model.safetensors',
    'tokenizer.json',
    'tokenizer_config.json',
    'training.json'
  ])
  const parameters = new Map<number, Float32Array>()
  for await (const event of trainRun({ backend, ...plan })) {
    if (event.kind === 'step') parameters.set(event.record.step, event.saved().state.parameters)
  }
  expect(result.kept).toEqual([4, 8, 12].map((step) => [step, parameters.get(step)]))
  const store = await openTensorStore([byteSource('model.safetensors', result.weights)])
  expect(await readWeights(plan.architecture, store)).toEqual(parameters.get(steps))
  expect(result.report).toMatchObject({ machine: 'this one', versions: { moescope: 'test' }, steps })
  const reported = lab.events as TrainEvent[]
  expect(reported.filter(({ kind }) => kind === 'step')).toHaveLength(steps)
  expect(reported[0]).toMatchObject({ kind: 'begin', step: 0, steps, curve: [] })

  // Whole: nothing is computed again.
  const loaded = lab.loaded()
  await lab.compute('train', spec)
  expect(lab.loaded()).toBe(loaded)
})

test('cancelled again and again it comes to the same result, bit for bit', async () => {
  const lab = createSmallLab()
  for (const step of [1, 5, 6, 11]) {
    await expect(lab.compute('train', spec, cancelAt(step))).rejects.toThrow(/cancelled/)
    expect(await lab.store.files('run').names()).toEqual(
      expect.arrayContaining(['run.safetensors', 'model.safetensors'])
    )
    expect(await lab.store.files('run').names()).not.toContain('training.json')
  }
  await lab.compute('train', spec)
  expect(await resultOf(lab.store)).toEqual(result)
  expect(
    (lab.events as TrainEvent[]).filter(({ kind }) => kind === 'begin').map((each) => 'step' in each && each.step)
  ).toEqual([0, 1, 5, 6, 11])
})

test('killed at random moments it goes on from its last save to the same result, bit for bit', async () => {
  slowClock()
  const random = createRandom(1, 'kills')
  let { store } = createSmallLab()
  for (let kill = 0; kill < 5; kill++) {
    const lab = createSmallLab([], store)
    let left = store
    let writes = random.integer(12)
    const files = lab.store.files('run')
    const copied: RunStore = {
      ...store,
      files: () => ({
        ...files,
        write: async (name, content) => {
          await files.write(name, content)
          if (writes-- === 0) left = await copyOf(lab.store)
        }
      })
    }
    await createSmallLab([], copied).compute('train', spec)
    store = left
  }
  const last = createSmallLab([], store)
  await last.compute('train', spec)
  const { report, ...rest } = await resultOf(last.store)
  expect({ ...rest, report }).toEqual(result)
})

test('a save that fails is told, and the training goes on; its checkpoints are written with the next', async () => {
  slowClock()
  let isFull = true
  const lab = createSmallLab(
    [],
    refusing(createSmallLab().store, () => isFull)
  )
  await lab.compute('train', spec, (event) => {
    const reported = event as TrainEvent
    if (reported.kind === 'step' && reported.record.step === 10) isFull = false
  })
  expect((lab.events as TrainEvent[]).find(({ kind }) => kind === 'unsaved')).toEqual({
    kind: 'unsaved',
    reason: 'cannot write run.safetensors: the disk is full'
  })
  expect(await resultOf(lab.store)).toEqual(result)
})

test('what a full store does not take is kept, and written without computing when it goes on', async () => {
  let isFull = true
  const lab = createSmallLab(
    [],
    refusing(createSmallLab().store, (name) => isFull && name === 'model.safetensors')
  )
  const failed = lab.compute('train', spec)
  await expect(failed).rejects.toThrow(UnwrittenError)
  await expect(failed).rejects.toThrow(
    'cannot write model.safetensors: the disk is full; what was computed is kept in memory: make room, then let it go on'
  )
  expect(await lab.store.files('run').names()).not.toContain('training.json')
  isFull = false
  const loaded = lab.loaded()
  await lab.compute('train', spec)
  expect(lab.loaded()).toBe(loaded)
  expect(await resultOf(lab.store)).toEqual(result)
})

test('what was saved of another training is refused', async () => {
  const lab = createSmallLab()
  await expect(lab.compute('train', spec, cancelAt(2))).rejects.toThrow(/cancelled/)
  const other = { ...spec, recipe: { ...spec.recipe, seed: 2 } }
  await expect(lab.compute('train', other)).rejects.toThrow('another architecture, corpus or recipe')
})

test('what continues a training is told by its name when it is damaged, and stays', async () => {
  const damaged = createSmallLab()
  await damaged.store.files('run').write('run.safetensors', new Uint8Array(100))
  await expect(damaged.compute('train', spec)).rejects.toThrow(
    /^run\.safetensors: .*; remove it to train from the first step$/
  )
  expect(await damaged.store.files('run').names()).toEqual(['run.safetensors'])
})

test('a spec that cannot be read is told by its fields', async () => {
  await expect(createSmallLab().compute('train', { ...spec, recipe: {} })).rejects.toThrow(
    /^the spec of a run of kind 'train': recipe\.learning_rate: /
  )
})

const ownText = `${Array.from({ length: 40 }, (_, i) => `line ${i} of a text of my own.`).join('\n')}\n`
const ownSpec = async () => ({ ...spec, corpus: { kind: 'text' as const, sha256: await sha256(ownText) } })

test("a user's text is read from the run's files, stays there, and goes on after a cancellation", async () => {
  const whole = createSmallLab()
  const stopped = createSmallLab()
  for (const { store } of [whole, stopped]) {
    await store.files('run').write('text.txt', new TextEncoder().encode(ownText))
  }
  await whole.compute('train', await ownSpec())
  await expect(stopped.compute('train', await ownSpec(), cancelAt(5))).rejects.toThrow(/cancelled/)
  await stopped.compute('train', await ownSpec())
  const { report, ...rest } = await resultOf(whole.store)
  expect(rest.names).toContain('text.txt')
  expect(report.corpus).toEqual((await ownSpec()).corpus)
  expect(report.floor).toBeUndefined()
  expect(await resultOf(stopped.store)).toEqual({ report, ...rest })
})

test("a user's text that is missing, or another one, is told before a step", async () => {
  const lab = createSmallLab()
  await expect(lab.compute('train', await ownSpec())).rejects.toThrow(
    'text.txt is missing: ask for this training anew, with its text'
  )
  await lab.store.files('run').write('text.txt', new TextEncoder().encode(`${ownText}more\n`))
  await expect(lab.compute('train', await ownSpec())).rejects.toThrow(
    'text.txt is not the text that this training was asked for: put that one back'
  )
  expect(lab.loaded()).toBe(0)
})

test('a training begins with the weights of another model, and goes on without it', async () => {
  const parameters = initialWeights(plan.architecture, 5)
  const base = await modelOf('base', plan.architecture, parameters)
  // At this rate no weight moves in float32.
  const recipe = { ...plan.recipe, learning_rate: 1e-30, weight_decay: 0 }
  const still = { ...trainSpec({ ...plan, recipe }, { count: 0 }), from: base.model }
  const lab = createSmallLab([base])
  await expect(lab.compute('train', still, cancelAt(3))).rejects.toThrow(/cancelled/)
  await createSmallLab([], lab.store).compute('train', still)
  const { weights, report } = await resultOf(lab.store)
  const store = await openTensorStore([byteSource('model.safetensors', weights)])
  expect(await readWeights(plan.architecture, store)).toEqual(parameters)
  expect(report.from).toEqual(base.model)
  expect(result.report.from).toBeUndefined()
})

test('a model of another architecture is nothing to begin with', async () => {
  const base = await modelOf('base', smallMoe, initialWeights(smallMoe, 1))
  await expect(createSmallLab([base]).compute('train', { ...spec, from: base.model })).rejects.toThrow(
    'base has another architecture than this training, and cannot be what it begins with'
  )
})

const pruning = [{ id: 'wanda', share: 0.5, pattern: 'free' }]

test('a pruned model is trained on: before the first step it is what pruning left, and pruned weights stay 0', async () => {
  const base = await modelOf('base', plan.architecture, initialWeights(plan.architecture, 5))
  const healed = { ...spec, from: { ...base.model, transforms: pruning } }
  const lab = createSmallLab([base])
  await lab.compute('train', healed)
  const { report, weights } = await resultOf(lab.store)
  expect(report.from).toEqual(healed.from)

  const model = await openModel('base', base.files)
  const calibration = createCalibration(backend, model, { characters: 16_384, seed: plan.recipe.seed })
  const pruned = await compress(storedModelOf(model), pruning.map(readTransform), calibration)
  const evaluator = await createEvaluator(backend, plan.architecture, context)
  const { loss } = await evaluator.evaluate(
    pruned.parameters,
    validationText({ ...model, report: { corpus: plan.corpus } }, 900)
  )
  await evaluator.release()
  expect(report.curve[0]).toMatchObject({ step: 0, characters: 0, loss })
  const learnt = await readWeights(plan.architecture, await openTensorStore([byteSource('model.safetensors', weights)]))
  const zeros = [...pruned.parameters.keys()].filter((i) => pruned.parameters[i] === 0)
  expect(zeros.length).toBeGreaterThan(500)
  expect(zeros.filter((i) => learnt[i] !== 0)).toEqual([])
  expect(learnt.filter((each) => each === 0)).toHaveLength(zeros.length)

  // Stopped, it goes on without the model that it began with.
  const stopped = createSmallLab([base])
  await expect(stopped.compute('train', healed, cancelAt(5))).rejects.toThrow(/cancelled/)
  await createSmallLab([], stopped.store).compute('train', healed)
  expect((await resultOf(stopped.store)).weights).toEqual(weights)
})

test('a quantised model is none to train on, and says why', async () => {
  const base = await modelOf('base', plan.architecture, initialWeights(plan.architecture, 5))
  const from = { ...base.model, transforms: [{ id: 'rtn', bits: 4 }] }
  await expect(createSmallLab([base]).compute('train', { ...spec, from })).rejects.toThrow(
    'rtn rounds weights to a grid, which training would leave: train first, then quantise what it gives'
  )
})

test('fewer experts are left of another architecture, with which the training goes on', async () => {
  const base = await modelOf('base', plan.architecture, initialWeights(plan.architecture, 5))
  const from = { ...base.model, transforms: [{ id: 'experts', keep: 3, by: 'random' }] }
  await expect(createSmallLab([base]).compute('train', { ...spec, from })).rejects.toThrow('another architecture')
  const architecture = moeArchitecture({ width: 8, vocabularySize: tokenizer.size, experts: 3, layers: 1, context })
  const lab = createSmallLab([base])
  await lab.compute('train', { ...trainSpec({ ...plan, architecture }, { count: 0 }), from })
  expect((await resultOf(lab.store)).report.from).toEqual(from)
})

const taughtBy = async (teacher: Awaited<ReturnType<typeof modelOf>>) => ({
  ...spec,
  teacher: { model: teacher.model, share: 0.7, temperature: 3 }
})

test('a student with a teacher comes to another model than alone, and to the same one when it was stopped', async () => {
  const teacher = await modelOf('teacher', smallMoe, initialWeights(smallMoe, 3))
  const taught = await taughtBy(teacher)
  const lab = createSmallLab([teacher])
  await lab.compute('train', taught)
  const whole = await resultOf(lab.store)
  expect(whole.report.teacher).toEqual(taught.teacher)
  expect(whole.weights).not.toEqual(result.weights)
  const stopped = createSmallLab([teacher])
  await expect(stopped.compute('train', taught, cancelAt(5))).rejects.toThrow(/cancelled/)
  await expect(stopped.compute('train', { ...taught, teacher: { ...taught.teacher, temperature: 2 } })).rejects.toThrow(
    'another architecture, corpus or recipe'
  )
  await stopped.compute('train', taught)
  expect(await resultOf(stopped.store)).toEqual(whole)
})

test('a teacher that is not here, or cannot read what its student reads, is told before a step', async () => {
  const teacher = await modelOf('teacher', smallMoe, initialWeights(smallMoe, 3))
  const taught = await taughtBy(teacher)
  await expect(createSmallLab().compute('train', taught)).rejects.toThrow(
    'the teacher cannot be opened: teacher is not here'
  )
  const shorter = moeArchitecture({ width: 8, vocabularySize: tokenizer.size, experts: 4, layers: 1, context: 16 })
  const short = await modelOf('teacher', shorter, initialWeights(shorter, 3))
  await expect(createSmallLab([short]).compute('train', await taughtBy(short))).rejects.toThrow(
    'teacher has learnt windows of 16 tokens, and its student reads 32'
  )
  const model = await openModel('foreign', teacher.files)
  const foreign = { ...model, tokenizer: { ...model.tokenizer, size: 99 } }
  expect(() => requireReader(foreign, context)).toThrow(
    'foreign has another vocabulary (99 tokens) than its student (55 characters)'
  )
})
