import { sweepLines } from '@core/lab/sweep/folder'
import { planTrainings } from '@core/lab/sweep/plan-trainings'
import { sweepSchema } from '@core/lab/sweep/points'
import { expect, test } from 'vitest'
import { createApp } from '../app/create-app'
import { openFolder, openGivenFile } from '../files/open-file'
import { type OpenedFolder, openedFile } from '../host/host'
import { createMemoryHost } from '../host/memory'
import { followSweep } from './open-sweep'

const store = JSON.stringify({ format: 'moescope.sweep-store/1', id: crypto.randomUUID(), versions: {} })
const list = await planTrainings(
  sweepSchema.parse({
    kind: 'train',
    base: { architecture: { kind: 'moe', width: 8, experts: 4 }, recipe: { learning_rate: 0.01, characters: 2048 } },
    grid: { 'recipe.seed': [1, 2, 3, 4] }
  })
)
const lines = `${[...sweepLines(list)].join('\n')}\n`
const [first = '', second = '', third = ''] = list.map(({ id }) => id)
const point = { step: 1, characters: 2048, loss: 2, memory: 2, computation: 2, domains: {} }
const report = JSON.stringify({
  format: 'moescope.training/1',
  corpus: {},
  recipe: { learning_rate: 0.01 },
  steps: 1,
  characters: 2048,
  flops: 9,
  seconds: 1,
  backend: 'native',
  threads: 1,
  machine: 'm',
  versions: {},
  training_loss: [],
  assignments: [],
  curve: [point],
  result: point
})
const record = (id: string, status: string, done: number) =>
  JSON.stringify({ format: 'moescope.lab-run/1', id, kind: 'train', spec: {}, status, created: 1, done, detail: '' })

function folderOf(files: Record<string, string>): OpenedFolder {
  const file = (path: string) => openedFile(new File([files[path] ?? ''], path.split('/').at(-1) ?? ''))
  return {
    name: 'experts',
    isLive: true,
    files: async (path) => {
      const within = path === undefined ? '' : `${path}/`
      return Object.keys(files)
        .filter((each) => each.startsWith(within) && !each.slice(within.length).includes('/'))
        .map(file)
    },
    file: async (path) => (path in files ? file(path) : undefined)
  }
}

const opened = async (files: Record<string, string>) => {
  const app = createApp(createMemoryHost())
  const folder = folderOf(files)
  await openFolder(app, async () => folder)
  return { app, folder, state: () => app.store.getState() }
}

test('runs are whole, begun, failed with the line of their log, damaged or missing, and what comes is followed', async () => {
  const attempt = (count: number, reason: string) => `2026 attempt ${count} of 3 on m\n${reason}\nstack\n\n`
  const files: Record<string, string> = {
    'store.json': store,
    'sweep.jsonl': lines,
    [`runs/${first}/lab-run.json`]: record(first, 'finished', 1),
    [`runs/${first}/training.json`]: report,
    [`runs/${second}/lab-run.json`]: record(second, 'running', 0.25),
    [`runs/${second}/log.txt`]: attempt(1, 'no room'),
    [`runs/${third}/lab-run.json`]: record(third, 'failed', 0.5),
    [`runs/${third}/log.txt`]: [1, 2, 3].map((count) => attempt(count, `reason ${count}`)).join('')
  }
  const { app, folder, state } = await opened(files)
  expect(state().choices.view).toBe('sweep')
  expect(state().sweep?.runs.map((run) => run.state)).toEqual([
    { kind: 'whole' },
    { kind: 'begun', done: 0.25 },
    { kind: 'failed', reason: 'reason 3' },
    { kind: 'missing' }
  ])
  expect(state().sweep?.runs[0]?.figures).toMatchObject({ loss: 2, flops: 9, machine: 'm' })
  files[`runs/${second}/lab-run.json`] = record(second, 'finished', 1)
  files[`runs/${second}/training.json`] = '{"format": "moescope.training/1"}'
  files[`runs/${third}/lab-run.json`] = record(third, 'finished', 1)
  files[`runs/${third}/training.json`] = report
  await followSweep(app, folder)
  expect(state().sweep?.runs.map((run) => run.state.kind)).toEqual(['whole', 'damaged', 'whole', 'missing'])
  delete files['sweep.jsonl']
  await followSweep(app, folder)
  expect(state().sweep?.problem).toContain('It is not followed any more: expected sweep.jsonl')
})

test.each([
  ['no list', { 'store.json': store }, 'expected sweep.jsonl, the list of its runs, found none'],
  ['no store', { 'sweep.jsonl': lines }, 'expected store.json, which every sweep has beside sweep.jsonl, found none'],
  ['another store', { 'store.json': '{}', 'sweep.jsonl': lines }, 'store.json: format: '],
  ['a damaged list', { 'store.json': store, 'sweep.jsonl': `${lines}{"id"` }, 'sweep.jsonl: line 5'],
  ['another folder', { 'a.txt': 'x' }, 'expected the files of a checkpoint, config.json among them, found a.txt']
])('a folder with %s is told in a sentence', async (_, files, reason) => {
  const { state } = await opened(files)
  expect(state().notice).toContain('experts cannot be opened: ')
  expect(state().notice).toContain(reason)
  expect(state().sweep).toBeUndefined()
})

test('a table alone opens, and says what it lacks', async () => {
  const app = createApp(createMemoryHost())
  const table = 'run,kind,recipe.seed,recipe.batch,loss,total,active\na-1,train,1,4,2.5,10,5\nb-2,train,2,4,,10,5\n'
  await openGivenFile(app, openedFile(new File([table], 'results.csv')))
  const { sweep, notice } = app.store.getState()
  expect(notice).toContain('Its curves, and its runs as models, are in its folder.')
  expect(sweep?.runs.map(({ varied, figures }) => ({ varied, figures }))).toEqual([
    { varied: { 'recipe.seed': 1 }, figures: { loss: 2.5, total: 10, active: 5 } },
    { varied: { 'recipe.seed': 2 }, figures: { total: 10, active: 5 } }
  ])
})
