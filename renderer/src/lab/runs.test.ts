/** Nothing that was computed is lost: the page's lab on real runs of small models. */
import { corpusFloor, worldOf } from '@core/corpus'
import { storedTensor, writeSafetensors } from '@core/formats/safetensors'
import { checkpointFolder } from '@core/lab/checkpoints'
import type { RecordSpec } from '@core/lab/kinds/record'
import type { RunRecord } from '@core/lab/run'
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import { fingerprintOf } from '@core/train/fingerprint'
import { trainRun } from '@core/train/run'
import { writeSavedRun } from '@core/train/saved-run'
import * as onnxRuntime from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createApp } from '../app/create-app'
import { createRoutingApi } from '../engine/routing-api'
import type { RunApi } from '../engine/run-protocol'
import { type OpenedFile, openedFile } from '../host/host'
import type { MemoryHost } from '../host/memory'
import type { App } from '../state/app'
import { openState, saveState } from '../state/state-file'
import { knownAblation, measureIntervention, readAblations } from './ablate'
import { type ChosenText, defaultLab, defaultTraining, type LabRun } from './choices'
import { followTraining } from './follow'
import { showKept } from './kept-training'
import { openText, takeText } from './own-text'
import { trainingProblems } from './problems'
import { openRecording, recordRouting } from './record'
import { resultOf, smallApp, smallHost, smallPlan, smallTraining } from './small-lab.fixture'
import { beginTraining, continueTraining } from './train'

/** A host on which the small training has come to its end, which nothing held up. */
let trained: MemoryHost
let id: string

beforeAll(async () => {
  vi.stubGlobal('navigator', { userAgent: 'this machine' })
  trained = smallHost()
  const { app } = smallApp(trained)
  ;({ id } = await app.lab.queue.add(smallTraining))
  const { status, failure } = await app.lab.queue.ended(id)
  if (status !== 'finished') throw new Error(`expected a finished training, found it ${status}: ${failure}`)
  await libraryWith(app, id)
})

afterAll(() => void vi.unstubAllGlobals())

/** Resolves once a model is in the library. */
function libraryWith({ store }: App, model: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = store.subscribe(look)
    function look(): void {
      if (!store.getState().library?.models.some((each) => each.id === model)) return
      stop()
      resolve()
    }
    look()
  })
}

/** Resolves once a run has come so far. */
function reached({ lab }: App, isWanted: (run: RunRecord) => boolean): Promise<RunRecord> {
  return new Promise((resolve) => {
    const stop = lab.queue.subscribe(() => {
      const found = lab.queue.records.find(isWanted)
      if (!found) return
      stop()
      resolve(found)
    })
  })
}

async function openApp(host: MemoryHost): Promise<App> {
  const { app } = smallApp(host)
  await Promise.all([app.lab.open(), libraryIn(app)])
  return app
}

async function libraryIn(app: App): Promise<void> {
  const { readLibrary } = await import('../state/library')
  app.store.setState({ library: await readLibrary(app.host) })
}

test('a training is an ordinary checkpoint folder among the models; other runs lie elsewhere', async () => {
  expect(await trained.models.ids()).toEqual([id])
  expect(await trained.models.files(id).names()).toEqual(
    expect.arrayContaining(['config.json', 'lab-run.json', 'model.safetensors', 'tokenizer.json', 'training.json'])
  )
  expect([...(await resultOf(trained, id)).keys()]).toEqual([
    ...[12, 4, 8].map((step) => `${checkpointFolder(step)}/model.safetensors`),
    'model.safetensors'
  ])
})

test('a training is followed, its router is changed and it is recorded, all at once: each ends whole', async () => {
  const app = await openApp(trained)
  await Promise.all([
    followTraining(app, id),
    measureIntervention(app, id, { kind: 'mask', layer: 0, experts: [1] }),
    measureIntervention(app, id, { kind: 'drop-best', replace: true }),
    recordRouting(app, id)
  ])
  const { runs } = app.store.getState()
  for (const run of runs) await app.lab.queue.ended(run.id)
  expect(app.store.getState().runs.map(({ status }) => status)).toEqual(Array(5).fill('finished'))
  const steps = app.store.getState().traces.flatMap(({ training }) => training?.step ?? [])
  expect(steps.toSorted((a, b) => a - b)).toEqual([4, 8, 12])
  expect(app.store.getState().traces).toHaveLength(4)
  expect(knownAblation(app.store.getState(), id)?.rows).toHaveLength(2)
  expect((await trained.runs.ids()).length).toBe(4)

  const later = await openApp(trained)
  const recording = later.store.getState().runs.find(({ kind }) => kind === 'record')
  await openRecording(later, recording?.id ?? '', recording?.spec as RecordSpec)
  expect(later.store.getState().traces).toMatchObject([{ name: id, run: recording?.id, facts: { model: id } }])
  await readAblations(later, id)
  expect(knownAblation(later.store.getState(), id)).toEqual(knownAblation(app.store.getState(), id))
})

test('a training whose window died is offered again, and ends with the same weights', async () => {
  const { app } = smallApp(smallHost())
  await app.lab.queue.add(smallTraining)
  const { id, ...record } = await reached(app, ({ detail }) => detail.startsWith('step 6 '))
  app.lab.queue.cancel(id)
  await app.lab.queue.ended(id)
  // A kill leaves what the run had saved, and a record that says that it computes.
  const host = smallHost()
  const [saved, left] = [app.lab.files(id), host.models.files(id)]
  await left.write('lab-run.json', new TextEncoder().encode(JSON.stringify({ id, ...record })))
  const names = (await saved.names()).filter((name) => name !== 'lab-run.json')
  for (const name of names) await left.write(name, (await saved.read(name)) ?? new Uint8Array())

  const later = await openApp(host)
  expect(later.store.getState()).toMatchObject({
    runs: [{ id, status: 'interrupted', done: 0.5 }],
    listedRuns: [id],
    offered: [id],
    unfinished: [id]
  })
  await continueTraining(later, id)
  expect((await later.lab.queue.ended(id)).status).toBe('finished')
  expect(later.store.getState().trainings[id]?.losses).toHaveLength(12)
  expect(await resultOf(host, id)).toEqual(await resultOf(trained, id))
  expect(await host.models.files(id).names()).toEqual(await trained.models.files(id).names())
})

test('a training that was stopped says its last loss, and goes on with its curve; at its end both say the same', async () => {
  const host = smallHost()
  const { app } = smallApp(host)
  await app.lab.queue.add(smallTraining)
  const { id } = await reached(app, ({ detail }) => detail.startsWith('step 8 '))
  app.lab.cancel(id)
  await app.lab.queue.ended(id)
  await libraryWith(app, id)
  const shown = () => app.store.getState().trainings[id]
  const model = () => app.store.getState().library?.models.find((each) => each.id === id)
  const [before, last] = [shown()?.losses ?? [], shown()?.points.at(-1)]
  expect(last?.loss).toBeGreaterThan(0)
  expect(model()).toMatchObject({ loss: { mean: last?.loss }, stopped: { step: last?.step, steps: 12 } })
  expect(model()?.floor).toBeCloseTo(corpusFloor(worldOf(smallPlan.corpus)).total, 12)

  await continueTraining(app, id)
  await app.lab.queue.ended(id)
  await expect.poll(() => model()?.stopped).toBeUndefined()
  expect(shown()?.losses.slice(0, before.length)).toEqual(before)
  expect(shown()?.losses).toHaveLength(12)
  expect(model()?.loss?.mean).toBe(shown()?.points.at(-1)?.loss)
})

test('a model that was removed is there again, file by file, when that is undone', async () => {
  const host = smallHost()
  for (const name of await trained.models.files(id).names()) {
    await host.models.files(id).write(name, (await trained.models.files(id).read(name)) ?? new Uint8Array())
  }
  const app = await openApp(host)
  const isListed = () => app.store.getState().library?.models.some((model) => model.id === id)
  const { runs } = app.store.getState()
  await app.remove(id)
  expect([await host.models.ids(), isListed(), app.store.getState().runs]).toEqual([[], false, []])
  expect(app.store.getState().notice).toBe(`${id} is removed. Undo brings it back.`)
  await app.undo()
  expect(app.store.getState().notice).toBe(`Undone removal of ${id}.`)
  expect([isListed(), app.store.getState().runs]).toEqual([true, runs])
  const filesOf = ({ models }: MemoryHost) => models.files(id)
  const names = await filesOf(trained).names()
  expect(await filesOf(host).names()).toEqual(names)
  for (const name of names) expect(await filesOf(host).read(name)).toEqual(await filesOf(trained).read(name))
  await app.redo()
  expect(await host.models.ids()).toEqual([])
})

test('undo in the midst of a removal waits for it, and takes it back', async () => {
  const host = smallHost()
  for (const name of await trained.models.files(id).names()) {
    await host.models.files(id).write(name, (await trained.models.files(id).read(name)) ?? new Uint8Array())
  }
  const app = await openApp(host)
  const removal = app.remove(id)
  await app.undo()
  await removal
  expect(app.store.getState().notice).toBe(`Undone removal of ${id}.`)
  expect(await host.models.ids()).toEqual([id])
})

test('a run whose worker dies says why, and goes on', async () => {
  const host = smallHost()
  const { app, workers } = smallApp(host)
  const { id } = await app.lab.queue.add(smallTraining)
  await reached(app, ({ detail }) => detail.startsWith('step 2 '))
  workers[0]?.die('out of memory')
  expect(await app.lab.queue.ended(id)).toMatchObject({ status: 'failed', failure: 'out of memory' })
  app.lab.tidy()
  expect(app.store.getState().listedRuns).toEqual([id])
  app.lab.dismiss(id)
  expect(app.store.getState().listedRuns).toEqual([])
  await app.lab.queue.add(smallTraining)
  expect((await app.lab.queue.ended(id)).status).toBe('finished')
})

test('a loss that is no number ends that run alone, and what it had learnt before is kept', async () => {
  const { app } = smallApp(smallHost())
  const together = { group: 'lab' }
  const { recipe } = smallTraining.spec
  const spec = { ...smallTraining.spec, recipe: { ...recipe, learning_rate: 1e30 } }
  const broken = await app.lab.queue.add({ ...smallTraining, spec }, undefined, together)
  const sound = await app.lab.queue.add(smallTraining, undefined, together)
  expect(await app.lab.queue.ended(broken.id)).toMatchObject({
    status: 'failed',
    failure: expect.stringMatching(
      /^the loss is (NaN|Infinity) at step \d+: choose a smaller learning rate than 1e\+30$/
    )
  })
  expect((await app.lab.queue.ended(sound.id)).status).toBe('finished')
  expect(await app.lab.files(broken.id).names()).toEqual(
    expect.arrayContaining(['model.safetensors', 'run.safetensors'])
  )
})

test('a full store costs nothing that was computed: the failure says so, and the next try writes it', async () => {
  let full = true
  const host = smallHost()
  const { models } = host
  const files: typeof models.files = (model) => ({
    ...models.files(model),
    write: async (name, content) => {
      if (full && /^(model|run)\.safetensors$/.test(name)) throw new Error(`cannot write ${name}: the disk is full`)
      await models.files(model).write(name, content)
    }
  })
  const { app, workers } = smallApp({ ...host, models: { ...models, files } })
  const { id } = await app.lab.queue.add(smallTraining)
  expect(await app.lab.queue.ended(id)).toMatchObject({
    status: 'failed',
    failure: expect.stringMatching(/the disk is full.*kept in memory: make room, then let it go on/)
  })
  expect(app.store.getState().unwritten).toBe(true)
  full = false
  await app.lab.queue.add(smallTraining)
  expect((await app.lab.queue.ended(id)).status).toBe('finished')
  expect(app.store.getState().unwritten).toBe(false)
  // The worker that held the weights wrote them.
  expect(workers).toHaveLength(1)
  expect(await resultOf(host, id)).toEqual(await resultOf(trained, id))
})

test('another window says that a training is computed already, and another seed has another name', async () => {
  const host = smallHost()
  const [first, second] = [smallApp(host).app, smallApp(host).app]
  const { id } = await first.lab.queue.add(smallTraining)
  await expect(second.lab.queue.add(smallTraining)).rejects.toThrow(
    `${id} is being computed in another window or program`
  )
  const spec = { ...smallTraining.spec, recipe: { ...smallTraining.spec.recipe, seed: 2 } }
  const other = await second.lab.queue.add({ ...smallTraining, spec })
  expect(other.id).not.toBe(id)
  expect(other.id.replace(/-[0-9a-f]+$/, '')).toBe(id.replace(/-[0-9a-f]+$/, ''))
  expect((await first.lab.queue.ended(id)).status).toBe('finished')
  expect((await second.lab.queue.ended(other.id)).status).toBe('finished')
  expect((await host.models.ids()).toSorted()).toEqual([id, other.id].toSorted())
})

test('a training of an earlier version goes on under its own name, and is followed', async () => {
  const host = smallHost()
  const files = host.models.files('my-moe-1k-1')
  const backend = createOnnxRuntimeBackend(onnxRuntime, { name: 'native', threads: 1 })
  const fingerprint = fingerprintOf(smallPlan)
  for await (const event of trainRun({ backend, ...smallPlan })) {
    if (event.kind !== 'step' || event.record.step < 4) continue
    const saved = event.saved()
    const { parameters } = saved.state
    const kept = new Map([['step_4', storedTensor(parameters, [parameters.length])]])
    const metadata = { format: 'moescope.checkpoints/1', fingerprint, planned: '[4,8,12]' }
    await files.write('checkpoints.safetensors', writeSafetensors(kept, metadata))
    await files.write('run.safetensors', writeSavedRun(saved, fingerprint))
    break
  }
  const app = await openApp(host)
  expect(app.store.getState()).toMatchObject({ unfinished: ['my-moe-1k-1'], checkpointed: ['my-moe-1k-1'], runs: [] })
  await continueTraining(app, 'my-moe-1k-1')
  expect((await app.lab.queue.ended('my-moe-1k-1')).status).toBe('finished')
  const weights = async (from: MemoryHost, model: string) => from.models.files(model).read('model.safetensors')
  expect(await weights(host, 'my-moe-1k-1')).toEqual(await weights(trained, id))
  await followTraining(app, 'my-moe-1k-1')
  expect(app.store.getState().traces.map(({ training }) => training?.step)).toEqual([12, 8, 4])
})

test('a training of an earlier session shows its curve again, and the load that its experts had at its end', async () => {
  const app = await openApp(trained)
  const run = app.lab.queue.records.find((each) => each.id === id)
  if (!run) throw new Error(`expected the record of ${id}`)
  await showKept(app, run)
  const { steps, points, loads } = app.store.getState().trainings[id] ?? {}
  expect([steps, points?.at(-1)?.step, loads?.map(({ step }) => step)]).toEqual([12, 12, [12]])
  const [experts, ...layers] = loads?.[0]?.counts ?? []
  expect([experts?.length, layers]).toEqual([4, []])
  const { result } = JSON.parse(new TextDecoder().decode(await trained.models.files(id).read('training.json')))
  expect(result.loss).toBe(points?.at(-1)?.loss)
  expect(experts?.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0)
})

test('a shipped training is followed by the checkpoints that come with it', async () => {
  const files = trained.models.files(id)
  const host = smallHost()
  const ship: Pick<MemoryHost, 'modelIndex' | 'readShippedFile'> = {
    modelIndex: async () => {
      const checkpoints = [4, 8].map((step) => ({ step, folder: `${id}/${checkpointFolder(step)}` }))
      const model = { id, reports: [`${id}/training.json`], checkpoints: [...checkpoints, { step: 12, folder: id }] }
      return { models: [model], studies: [] }
    },
    readShippedFile: async (path) => {
      const content = await files.read(path.slice(id.length + 1))
      if (!content) throw new Error(`${path} is missing`)
      return content
    }
  }
  const app = await openApp({ ...host, ...ship })
  expect(app.store.getState()).toMatchObject({ unfinished: [], checkpointed: [id] })
  await followTraining(app, id)
  const { traces } = app.store.getState()
  expect(traces.map(({ training }) => training?.step)).toEqual([12, 8, 4])
})

const end = async () => undefined
/** Calls of a worker that computes nothing. */
const resting: Omit<RunApi, 'compute'> = {
  pause: end,
  resume: end,
  step: end,
  cancel: end,
  convertCheckpoints: end,
  onnxFile: async () => new Uint8Array()
}

test('what is trained already is said so; in another folder for models it is trained anew', async () => {
  const host = smallHost()
  let computed = 0
  const compute: RunApi['compute'] = async (_run, _options, access) => {
    computed++
    await access.write('model.safetensors', new Uint8Array(1))
  }
  const api: RunApi = { ...resting, compute }
  const app = createApp(host, {}, createRoutingApi, () => ({ api, end: () => undefined }))
  const { id: model } = await beginTraining(app, defaultTraining)
  expect((await beginTraining(app, defaultTraining)).status).toBe('finished')
  expect(app.store.getState().notice).toBe(
    `${model} is trained already: another seed, for example, trains another one.`
  )
  expect(computed).toBe(1)
  const [refusal] = app.store.getState().refusals
  expect(refusal?.training).toBe(defaultTraining)
  expect(refusal?.reason).toMatch(`${model} is trained already`)
  await host.models.remove(model)
  expect((await beginTraining(app, defaultTraining)).status).toBe('finished')
  expect(computed).toBe(2)
  await host.models.remove(model)
  await app.lab.open()
  expect(app.store.getState().runs).toEqual([])
})

test('why a training cannot begin is told beside its button, until it does', async () => {
  const host = smallHost()
  const api: RunApi = { ...resting, compute: end }
  let refuses = true
  const elsewhere: typeof host = { ...host, hold: async (id) => (refuses ? undefined : host.hold(id)) }
  const app = createApp(elsewhere, {}, createRoutingApi, () => ({ api, end: () => undefined }))
  await expect(beginTraining(app, defaultTraining)).rejects.toThrow('is being computed in another window')
  expect(app.store.getState().refusals[0]?.reason).toMatch('is being computed in another window')
  refuses = false
  await beginTraining(app, defaultTraining)
  expect(app.store.getState().refusals).toEqual([])
})

const prose = Array.from({ length: 30 }, (_, i) => `Line ${i} of what I wrote \u2013 for myself!`).join('\n')
const tiny = { ...defaultTraining, width: 8, layers: 1, heads: 1, experts: 4, batch: 4, context: 16, checkpoints: 0 }
const onOwnText = (own: ChosenText): LabRun => ({ ...tiny, characters: 10_000, text: 'own', own })

test("a user's text is learnt, and is there after a restart, with what is saved and where that is opened", async () => {
  const host = smallHost()
  const { app } = smallApp(host)
  host.chosen = openedFile(new File([prose], 'notes.txt'))
  const own = await openText(app)
  if (!own) throw new Error('expected a text')
  expect(own).toMatchObject({ name: 'notes.txt', documents: 30, changed: 30 * 'LI\u2013'.length, left: 30 })
  expect(own.leftOut).toEqual([{ character: '!', count: 30 }])
  const run = onOwnText(own)
  app.choose({ lab: { ...defaultLab, runs: [run] } })
  const { id: trainedId, status, spec } = await beginTraining(app, run)
  expect([status, spec]).toMatchObject(['finished', { corpus: { kind: 'text', sha256: own.sha256 } }])
  const text = await host.models.files(trainedId).read('text.txt')
  expect(new TextDecoder().decode(text).split('\n')[3]).toBe('line 3 of what i wrote - for myself')
  await libraryWith(app, trainedId)
  const model = app.store.getState().library?.models.find((each) => each.id === trainedId)
  expect(model).toMatchObject({ floor: null, corpus: { kind: 'text' } })
  // Begun anew after a restart, with another seed.
  const again = smallApp(host)
  await again.app.lab.open()
  expect((await beginTraining(again.app, { ...run, seed: 2 })).status).toBe('finished')

  const elsewhere = smallApp(smallHost())
  await expect(beginTraining(elsewhere.app, run)).rejects.toThrow('the text notes.txt is not kept here: open it again')
  expect(elsewhere.app.store.getState().refusals[0]?.reason).toMatch('not kept here')
  await saveState(app)
  const [saved] = [...host.saved.values()]
  await openState(elsewhere.app, JSON.parse(String(saved)))
  expect(elsewhere.app.store.getState().choices.lab.runs).toEqual([run])
  // The same spec, and so the same id.
  expect((await beginTraining(elsewhere.app, run)).id).toBe(trainedId)
})

test('what cannot be learnt is told at the field, and a text of 200 MB is not read', async () => {
  const host = smallHost()
  const { app } = smallApp(host)
  const tell = async (content: Partial<OpenedFile>) => {
    host.chosen = { ...openedFile(new File(['x'], 'big.txt')), ...content }
    expect(await openText(app)).toBeUndefined()
    return app.store.getState().textProblem
  }
  const unread = () => Promise.reject(new Error('it was read'))
  expect(await tell({ size: 200_000_000, bytes: unread })).toMatch('big.txt has 200 MB, and up to 10 MB are read')
  expect(await tell({})).toMatch("big.txt consists of the character 'x' alone")
  await expect(takeText(app, 'one paragraph only, of some words')).rejects.toThrow('is one document')
  const own = await takeText(app, 'one and\n\ntwo')
  expect(app.store.getState().textProblem).toBeUndefined()
  expect(trainingProblems(onOwnText(own))).toEqual([
    { field: 'text', reason: expect.stringMatching(/^the text has 8 characters .* and a window has 16/) }
  ])
  expect(trainingProblems({ ...tiny, text: 'own' })).toEqual([
    { field: 'text', reason: 'no text is opened yet: open or paste one' }
  ])
})
