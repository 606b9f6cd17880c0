/** Runs that begin with the model of another training, or follow it, from what is chosen to what is kept. */
import { readTrainingReport, type TrainingReport } from '@core/formats/training-report'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import type { MemoryHost } from '../host/memory'
import type { App } from '../state/app'
import { readLink, writeLink } from '../state/link'
import { type LabRun, labRunSchema } from './choices'
import { renameModel } from './copy-model'
import { referenceOf } from './models'
import { trainingProblems } from './problems'
import { runsBySeed } from './seeds'
import { smallApp, smallHost } from './small-lab.fixture'
import { recordOf } from './specs'
import { pauseRuns, playRuns, stepRuns } from './train'

vi.stubGlobal('navigator', { userAgent: 'this machine' })
afterAll(() => void vi.unstubAllGlobals())

const run = (chosen: object): LabRun =>
  labRunSchema.parse({
    kind: 'dense',
    width: 8,
    heads: 2,
    layers: 1,
    text: 'small',
    characters: 20_480,
    textCharacters: 4000,
    ...chosen
  })

const base = run({})
const pruned = run({
  seed: 2,
  from: { training: base, transforms: [{ id: 'magnitude', share: 0.5, pattern: 'free' }] }
})
const taught = run({ seed: 3, teacher: { model: { training: run({ width: 16 }) } } })

let host: MemoryHost
let app: App

beforeEach(() => {
  host = smallHost()
  ;({ app } = smallApp(host))
})

const recordsOf = (runs: readonly LabRun[]) => runs.map((each) => recordOf(app.lab.queue.records, each))
const statuses = (runs: readonly LabRun[]) => recordsOf(runs).map((record) => record?.status)

async function ended(runs: readonly LabRun[]): Promise<void> {
  for (const record of recordsOf(runs)) if (record) await app.lab.queue.ended(record.id)
}

async function reportOf(chosen: LabRun): Promise<TrainingReport> {
  const id = recordOf(app.lab.queue.records, chosen)?.id ?? ''
  return readTrainingReport((await app.lab.files(id).read('training.json')) ?? new Uint8Array())
}

test('what a run begins with and what it follows is trained first, once, whether it is in the Lab or not', async () => {
  const again = run({ seed: 4, from: { training: base } })
  await playRuns(app, [pruned, base, taught, again])
  await ended([pruned, base, taught, again])
  expect(statuses([pruned, base, taught, again])).toEqual(Array(4).fill('finished'))
  // These four, and the teacher.
  expect(app.lab.queue.records).toHaveLength(5)
  const [, baseRecord] = recordsOf([pruned, base])
  const reference = await referenceOf(host, baseRecord?.id ?? '')
  const report = await reportOf(pruned)
  expect(report.from).toEqual({ ...reference, transforms: pruned.from?.transforms })
  expect(report.curve[0]?.step).toBe(0)
  expect((await reportOf(again)).curve[0]?.loss).toBeCloseTo((await reportOf(base)).result.loss, 6)
  expect((await reportOf(taught)).teacher).toMatchObject({ share: 0.5, temperature: 2 })
  // Asked for again, nothing is trained.
  const { records } = app.lab.queue
  await playRuns(app, [pruned])
  expect(app.lab.queue.records.map(({ id }) => id)).toEqual(records.map(({ id }) => id))
})

test('the run of a model that has another name by now is found again, also by a later session', async () => {
  await playRuns(app, [base])
  await ended([base])
  const id = recordOf(app.lab.queue.records, base)?.id ?? ''
  await renameModel(app, id, 'first')
  await playRuns(app, [pruned])
  await ended([pruned])
  expect(app.lab.queue.records.map((record) => record.id)).toContain('first')
  expect((await reportOf(pruned)).from?.id).toBe('first')
  const { app: later } = smallApp(host)
  await later.lab.open()
  expect(recordOf(later.lab.queue.records, pruned)?.status).toBe('finished')
})

test('where the first training is stopped, nothing begins with it', async () => {
  const long = run({ characters: 100_000_000 })
  const after = run({ from: { training: long } })
  const playing = playRuns(app, [after])
  await expect.poll(() => statuses([long])).toEqual(['running'])
  expect(statuses([after])).toEqual([undefined])
  app.lab.cancel(recordOf(app.lab.queue.records, long)?.id ?? '')
  await playing
  expect(statuses([long, after])).toEqual(['cancelled', undefined])
})

test('one step of a run whose model is not trained yet says what is missing', async () => {
  await expect(stepRuns(app, [pruned])).rejects.toThrow('Dense, d 8, 4\u00a0k of text is to be trained first')
  pauseRuns(app, [pruned])
  expect(app.lab.queue.records).toEqual([])
})

test('a model that is here is named by its weights', async () => {
  const reference = { ...(await referenceOf(host, 'dense-24')), parameters: 100 }
  const student = run({ context: 64, teacher: { model: reference } })
  await playRuns(app, [student])
  await ended([student])
  const { teacher } = await reportOf(student)
  expect(teacher?.model).toEqual({ id: 'dense-24', weights: reference.weights })
  expect(statuses([student])).toEqual(['finished'])
})

test('other models are kept in links, and what cannot be is said at their fields', () => {
  const lab = { ...app.store.getState().choices.lab, runs: [pruned, taught] }
  const link = writeLink({ ...app.store.getState().choices, lab })
  expect(readLink(link)?.choices.lab.runs).toEqual([pruned, taught])
  const reasons = (chosen: object) => trainingProblems(run(chosen))
  expect(reasons({ from: { training: run({ width: 16 }) } })).toEqual([
    { field: 'width', reason: 'Dense, d 16, 4\u00a0k of text, with whose weights it begins, has another shape' }
  ])
  expect(reasons({ from: { training: run({ width: 9 }) } })[0]).toMatchObject({ field: 'from' })
  expect(reasons({ context: 64, teacher: { model: { training: run({ context: 32 }) } } })).toEqual([
    { field: 'teacher', reason: 'the teacher reads windows of 32 characters, and its student of 64' }
  ])
})

test('another seed begins with another model of the same training, and follows the same teacher', () => {
  const [first, second] = runsBySeed([pruned, taught])
  expect(first).toEqual([pruned, taught])
  expect(second?.[0]).toEqual({
    ...pruned,
    seed: 3,
    from: { ...pruned.from, training: { ...base, seed: 2 } }
  })
  expect(second?.[1]).toEqual({ ...taught, seed: 4 })
})
