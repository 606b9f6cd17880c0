/** Sweeps that the Lab computes, with runs that compute on this thread. */
import { afterAll, expect, test, vi } from 'vitest'
import { openGivenFile } from '../files/open-file'
import { openedFile } from '../host/host'
import { labRunSchema } from '../lab/choices'
import { smallApp, smallHost } from '../lab/small-lab.fixture'
import type { App } from '../state/app'
import { expectedWork } from './expected'
import { sweepOf } from './make-sweep'
import { compareRun } from './models'
import { keptSweeps, openKept, playSweep, refreshOwn, stopSweep } from './own-sweeps'

vi.stubGlobal('navigator', { userAgent: 'this machine' })
afterAll(() => void vi.unstubAllGlobals())

const yaml = `
kind: train
base:
  architecture: {kind: moe, width: 8, layers: 1, experts: 4, context: 32}
  corpus: {characters: 4000, validation_characters: 900, world: {names: 50, pairs: 50, keys: 50}}
  recipe: {learning_rate: 0.01, batch: 2, characters: 640}
grid:
  recipe.seed: [1, 2]
`
const give = (app: App, name: string, text: string) => openGivenFile(app, openedFile(new File([text], name)))
const sweepIn = (app: App) => app.store.getState().sweep
const statesIn = (app: App) => sweepIn(app)?.runs.map(({ state }) => state.kind)

test('a sweep is listed, computed, kept, and opened again with what is there', async () => {
  const host = smallHost()
  const { app } = smallApp(host)
  await give(app, 'seeds.yaml', yaml)
  expect([sweepIn(app)?.name, statesIn(app)]).toEqual(['seeds', ['missing', 'missing']])
  expect(app.lab.queue.records).toEqual([])
  const before = expectedWork(sweepIn(app)?.runs ?? [], {}, 2)
  expect(before).toMatchObject({ runs: 2, seconds: null })
  await playSweep(app)
  await refreshOwn(app, app.lab.queue.records)
  expect(statesIn(app)).toEqual(['whole', 'whole'])
  expect(expectedWork(sweepIn(app)?.runs ?? [], {}, 2)).toEqual({ runs: 0, flops: 0, seconds: 0 })
  const [run] = sweepIn(app)?.runs ?? []
  expect(run?.curve.at(-1)?.[1]).toBe(run?.figures.loss)
  if (run) await compareRun(app, run)
  expect(app.store.getState().choices).toMatchObject({ view: 'compare', right: run?.id })

  const later = smallApp(host).app
  await later.lab.open()
  const [kept, other] = await keptSweeps(later)
  expect([kept?.name, other]).toEqual(['seeds', undefined])
  if (kept) await openKept(later, kept)
  expect(statesIn(later)).toEqual(['whole', 'whole'])
})

test('a sweep that is stopped begins no other run', async () => {
  const { app } = smallApp(smallHost())
  await give(
    app,
    'long.json',
    JSON.stringify({
      kind: 'train',
      base: {
        architecture: { kind: 'dense', width: 8, layers: 1, context: 32 },
        corpus: { characters: 4000, validation_characters: 900 },
        recipe: { learning_rate: 0.01, batch: 2, characters: 6_400_000 }
      },
      grid: { 'recipe.seed': [1, 2, 3, 4, 5, 6, 7, 8] }
    })
  )
  const over = playSweep(app)
  await vi.waitFor(() => expect(app.lab.queue.records).toHaveLength(4))
  stopSweep(app)
  await over
  expect(app.lab.queue.records.map(({ status }) => status)).toEqual(Array(4).fill('cancelled'))
  expect(app.store.getState().playing).toBeUndefined()
})

test.each([
  ['a.yaml', 'kind: [', 'it is not YAML'],
  ['a.yaml', 'kind: train', "expected 'base', 'list', or both"],
  ['a.json', '{"kind": "train", "base": {}, "gird": {}}', 'Unrecognized key: "gird"'],
  [
    'a.yml',
    yaml.replace('[1, 2]', JSON.stringify(Array.from({ length: 1001 }, (_, i) => i))),
    'it asks for 1,001 runs'
  ],
  ['a.yaml', yaml.replace('kind: train', 'kind: compress'), "a sweep of 'compress' is for 'moescope sweep'"]
])('what is wrong with %s is told in a sentence (%#)', async (name, text, reason) => {
  const { app } = smallApp(smallHost())
  await give(app, name, text)
  expect(app.store.getState().notice).toContain(`${name} cannot be opened: `)
  expect(app.store.getState().notice).toContain(reason)
  expect(sweepIn(app)).toBeUndefined()
})

test("the Lab's models make a sweep of every combination of the values", () => {
  const runs = [
    labRunSchema.parse({ kind: 'moe', text: 'small' }),
    labRunSchema.parse({ kind: 'dense', text: 'small' })
  ]
  const sweep = sweepOf(runs, { seed: '1, 2', characters: '400 k, 1M', width: '' })
  expect(sweep.grid).toEqual({ 'recipe.seed': [1, 2], 'recipe.characters': [400_000, 1_000_000] })
  expect(sweep.list).toMatchObject([
    { architecture: { kind: 'moe', experts: 16, top_k: 2 } },
    { architecture: { kind: 'dense' } }
  ])
  expect(() => sweepOf(runs, { experts: '4' })).toThrow('a dense model in the Lab has none')
  expect(() => sweepOf(runs, { seed: '1, x' })).toThrow('seeds: expected numbers with commas between them, found “x”')
})
