/** Own models as things: copied, renamed and saved as files. */
import { canonicalJson } from '@core/canonical-json'
import { byteSource } from '@core/formats/byte-source'
import { indexZip, openMember } from '@core/formats/zip'
import { createRandom } from '@core/random'
import { InferenceSession } from 'onnxruntime-node'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import type { MemoryHost } from '../host/memory'
import type { App } from '../state/app'
import { labRunSchema } from './choices'
import { duplicateModel, modelId, renameModel } from './copy-model'
import { exportFolder, exportOnnx } from './export-model'
import { trainingProblems } from './problems'
import { smallApp, smallHost, smallTraining } from './small-lab.fixture'
import { recordOf, specOf } from './specs'
import { continueTraining, playRuns } from './train'
import { choicesOf, trainOn } from './train-on'

let host: MemoryHost
let app: App
let id: string

vi.stubGlobal('navigator', { userAgent: 'this machine' })
afterAll(() => void vi.unstubAllGlobals())

beforeEach(async () => {
  host = smallHost()
  ;({ app } = smallApp(host))
  ;({ id } = await app.lab.queue.add(smallTraining))
  await app.lab.queue.ended(id)
  await app.lab.open()
  const { readLibrary } = await import('../state/library')
  app.store.setState({ library: await readLibrary(host) })
})

const modelsIn = () => app.store.getState().library?.models.flatMap((model) => (model.own ? model.id : []))
const contentsOf = async (model: string) => {
  const files = host.models.files(model)
  const names = (await files.names()).filter((name) => name !== 'lab-run.json')
  return Promise.all(names.map(async (name) => [name, await files.read(name)]))
}

test('a copy has every file of its model, is a run of its own, and outlives the first', async () => {
  const copy = await duplicateModel(app, id, 'My second Copy!')
  expect(copy).toBe('my-second-copy')
  expect(await contentsOf(copy)).toEqual(await contentsOf(id))
  expect(modelsIn()?.toSorted()).toEqual([id, copy].toSorted())
  const [first, second] = [id, copy].map((each) => app.store.getState().runs.find((run) => run.id === each))
  expect(second).toEqual({ ...first, id: copy })
  await app.remove(id)
  expect(modelsIn()).toEqual([copy])
})

test('a model is renamed, Compare follows, and undo brings the former one back beside it', async () => {
  app.choose({ right: id })
  const files = await contentsOf(id)
  await renameModel(app, id, 'first')
  expect(modelsIn()).toEqual(['first'])
  expect(await contentsOf('first')).toEqual(files)
  expect(app.store.getState().choices.right).toBe('first')
  expect(app.store.getState().notice).toBe(`first is the new name of ${id}. Undo brings ${id} back beside it.`)
  await app.undo()
  await app.undo()
  expect(modelsIn()?.toSorted()).toEqual(['first', id].toSorted())
})

test('a training that was stopped goes on under its new name', async () => {
  const { recipe } = smallTraining.spec
  const spec = { ...smallTraining.spec, recipe: { ...recipe, seed: 2 } }
  const { id: stopped } = await app.lab.queue.add({ ...smallTraining, spec })
  const steps = new Promise<void>((resolve) => {
    app.lab.queue.subscribe(() => {
      const run = app.lab.queue.records.find((each) => each.id === stopped)
      if (run?.detail.startsWith('step 5 ')) resolve()
    })
  })
  await steps
  app.lab.cancel(stopped)
  await app.lab.queue.ended(stopped)
  const { refreshOwnModels } = await import('./own-models')
  await refreshOwnModels(app)
  await renameModel(app, stopped, 'later')
  await continueTraining(app, 'later')
  expect((await app.lab.queue.ended('later')).status).toBe('finished')
  expect(modelsIn()?.toSorted()).toEqual([id, 'later'].toSorted())
})

test.each([
  ['a taken name', () => id, /there is another .* already: choose another name/],
  ['a name without a letter', () => '…', /a name needs a letter from a to z or a digit/]
])('%s is refused, and nothing is copied', async (_, name, message) => {
  await expect(duplicateModel(app, id, name())).rejects.toThrow(message)
  expect(modelsIn()).toEqual([id])
})

test('names become ids that every host takes', () => {
  const random = createRandom(1, 'names')
  const nameOf = () =>
    Array.from({ length: 1 + random.integer(60) }, () => String.fromCharCode(32 + random.integer(300)))
  const names = Array.from({ length: 500 }, () => nameOf().join('')).filter((name) => /[a-z0-9]/i.test(name))
  expect(names.map(modelId).filter((id) => !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))).toEqual([])
})

test('the archive is the checkpoint folder without what only the app needs, and the ONNX file runs', async () => {
  await exportFolder(app, id)
  const source = byteSource('a.zip', host.saved.get(`${id}.zip`) as Uint8Array)
  const members = [...(await indexZip(source)).values()]
  const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json', 'training.json']
  expect(members.map(({ name }) => name)).toEqual(names.map((name) => `${id}/${name}`))
  for (const [i, member] of members.entries()) {
    const content = await (await openMember(source, member)).bytes()
    expect(content).toEqual(await host.models.files(id).read(names[i] ?? ''))
  }
  await exportOnnx(app, id)
  const session = await InferenceSession.create(host.saved.get(`${id}.onnx`) as Uint8Array)
  expect(session.inputNames).toEqual(['tokens', 'positions'])
  expect(session.outputNames).toEqual(['logits', 'new_cache', 'routing'])
})

test('a model is trained on from its weights: its choices are those it was trained with, and its loss begins low', async () => {
  const dense = labRunSchema.parse({
    kind: 'dense',
    width: 16,
    layers: 1,
    text: 'small',
    characters: 61_440,
    warmupSteps: 2
  })
  const moe = labRunSchema.parse({ ...dense, kind: 'moe', experts: 4, checkpoints: 0, shares: { var: 1 } })
  for (const run of [dense, moe, { ...dense, schedule: 'linear' as const, textCharacters: 5000 }]) {
    expect(canonicalJson(specOf(choicesOf(specOf(run))))).toEqual(canonicalJson(specOf(run)))
  }
  await playRuns(app, [dense])
  const first = recordOf(app.lab.queue.records, dense)?.id ?? ''
  await app.lab.queue.ended(first)
  await trainOn(app, first)
  const [run] = app.store.getState().choices.lab.runs
  if (!run) throw new Error('expected a run')
  expect(trainingProblems(run)).toEqual([])
  expect(trainingProblems({ ...run, feedForwardWidth: 9 })[0]?.reason).toBe(
    `${first}, with whose weights it begins, has another shape`
  )
  await playRuns(app, [run])
  const second = recordOf(app.lab.queue.records, run)?.id ?? ''
  expect((await app.lab.queue.ended(second)).status).toBe('finished')
  const lossesOf = (model: string) => app.store.getState().trainings[model]?.losses.map(([, loss]) => loss) ?? []
  const [drawn = Number.NaN] = lossesOf(first)
  const [begun = Number.NaN] = lossesOf(second)
  expect(Math.abs(begun - (lossesOf(first).at(-1) ?? Number.NaN))).toBeLessThan(0.2)
  expect(begun).toBeLessThan(drawn - 0.3)
})
