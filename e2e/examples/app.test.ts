/** Files of the app as they were saved before: each opens, with the values that it was saved with. */
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type Choices,
  createApp,
  createDocuments,
  createMemoryHost,
  createModelsFolder,
  createRecentFiles,
  createRoutingApi,
  createTurns,
  createWindowState,
  isDefaultTraining,
  keepIn,
  memoryHostWith,
  openedFile,
  openGivenFile,
  readLibrary,
  readLink,
  recallBeginning,
  recordOf,
  refreshTrainings,
  replayRace,
  saveState,
  type TrainingChoices,
  temporaryFolder,
  writeLink
} from './app.fixture'
import { saved, savedBytes, savedJson } from './saved.fixture'

type OlderChoices = Omit<Choices, 'view' | 'lab'> & { readonly view: string; readonly training?: TrainingChoices }

/** Choices of when one model could be trained at a time, as they are now. */
function inLab({ view, training, ...choices }: OlderChoices): Record<string, unknown> {
  // The defaults were nobody's choice.
  const isChosen = training !== undefined && !isDefaultTraining(training)
  return {
    ...choices,
    ...(view === undefined ? {} : { view: view === 'train' ? 'lab' : view }),
    ...(isChosen ? { lab: { runs: [training] } } : {})
  }
}

const states = savedJson('states/choices.json') as Record<string, OlderChoices>

/** Opens a saved file as a person does. */
async function opened(path: string, app = createApp(createMemoryHost(), {}, createRoutingApi)) {
  const name = path.split('/').at(-1) ?? ''
  await openGivenFile(app, openedFile(new File([await savedBytes(path)], name)))
  return app
}

describe.each(Object.entries(states))('the state %s', (name, choices) => {
  test('is there again at the next start', async () => {
    // Only after a session that was cut off does the app begin where it was.
    const host = Object.assign(createMemoryHost(), { lastCrash: async () => 'cut off' })
    host.documents.set('state', savedJson('states', `${name}.moescope`))
    const beginning = await recallBeginning(host, '')
    expect(beginning.warnings).toEqual([])
    expect(beginning.choices).toMatchObject(inLab(choices))
  })

  test('opens as a file', async () => {
    const app = await opened(`states/${name}.moescope`)
    expect(app.store.getState().notice).toMatch(/is open: .* It belongs to an earlier corpus/)
    // Another text begins anew.
    const { selected: _selected, shown: _shown, ...rest } = inLab(choices)
    expect(app.store.getState().choices).toMatchObject(rest)
  })
})

test('a state is saved again with all that it said', async () => {
  const before = savedJson('states/2-everything.moescope') as { readonly choices: OlderChoices }
  const host = createMemoryHost()
  const { choices } = (await opened('states/2-everything.moescope')).store.getState()
  await saveState(createApp(host, { choices }))
  const [text] = [...host.saved.values()]
  const again = createApp(createMemoryHost(), {})
  await openGivenFile(again, openedFile(new File([String(text)], 'again.moescope')))
  const { selected: _selected, shown: _shown, ...rest } = inLab(before.choices)
  expect(again.store.getState().choices).toMatchObject(rest)
})

interface SavedLink {
  readonly fragment: string
  readonly choices: OlderChoices
  readonly unreadable: readonly string[]
}

test.each(savedJson('links.json') as SavedLink[])('a link: $fragment', ({ fragment, choices, unreadable }) => {
  const read = readLink(`#${fragment}`)
  expect(read).toMatchObject({ choices: inLab(choices), unreadable })
  expect(read && readLink(`#${writeLink(read.choices)}`)?.choices).toEqual(read?.choices)
})

test('a run shows its very steps', async () => {
  const path = 'runs/dense-24-and-moe-32-seed-41.moescope'
  const app = createApp(await memoryHostWith('assets/models', ['dense-24', 'moe-32']))
  app.store.setState({ library: await readLibrary(app.host) })
  await opened(path, app)
  const { choices, replay, notice } = app.store.getState()
  expect(notice).toMatch(/is open, as it was recorded/)
  expect(choices).toMatchObject({ left: 'dense-24', right: 'moe-32', prompt: 'n6x:', tokens: 6, seed: 41, topP: 0.95 })
  if (!replay) throw new Error('expected a run, found none')
  expect(replay).toEqual(savedJson(path))

  // Saved again, the run is as it was; the times of reading the prompt are worked out anew.
  const race = replayRace(replay)
  const steps: (typeof replay.models)[number]['steps'][] = [[], []]
  for (let turn = await race.turn(); turn; turn = await race.turn()) steps[turn.contestant]?.push(...turn.records)
  const [left, right] = [0, 1].map((i) => ({
    steps: steps[i] ?? [],
    speed: race.speeds[i],
    prefillTokensPerSecond: race.prefillTokensPerSecond[i]
  }))
  if (!left || !right) throw new Error('expected two models')
  const { models, ...record } = recordOf({ ...app.store.getState(), contestants: [left, right] })
  const stepsOf = (all: typeof models) => all.map(({ id, steps }) => ({ id, steps }))
  expect({ ...record, models: stepsOf(models) }).toEqual({ ...replay, models: stepsOf(replay.models) })
})

const sequences = { tokenCount: 12, topK: 2, layers: [1, 3, 4], sequences: 3, domains: ['fact', 'seq'] }

test.each([
  ['moe-64.safetensors', { tokenCount: 364, experts: 16, topK: 2, layers: [0, 1], sequences: 1, model: 'moe-64' }],
  ['2-recorded-in-app.safetensors', { experts: 4, model: 'my-moe-3k-1' }],
  ['recorded-in-app.safetensors', { tokenCount: 402, experts: 4, sequences: 16, model: 'my-moe-3k-1' }],
  ['all-columns.safetensors', { ...sequences, experts: 5, notes: ['gates were assumed to be renormalised'] }],
  ['all-columns.jsonl', { ...sequences, experts: 5, notes: ['gates were assumed to be renormalised'] }],
  ['all-columns.parquet', { ...sequences, experts: 5, notes: ['gates were assumed to be renormalised'] }],
  // CSV does not say how many experts there are.
  ['all-columns.csv', { ...sequences, experts: 8 }]
])('the trace %s opens', async (name, facts) => {
  const app = await opened(`traces/${name}`)
  expect(app.store.getState().traces).toMatchObject([{ name, facts }])
})

test('models that were trained in the app are there, and those that were stopped can go on', async () => {
  const host = await memoryHostWith('assets/models', ['dense-24', 'dense-32', 'dense-48'])
  const ids = ['llama-stopped', 'mixtral-stopped', 'qwen2-moe-finished']
  for (const id of ids) {
    for (const name of await readdir(saved('models', id))) {
      await host.models.files(id).write(name, await savedBytes('models', id, name))
    }
  }
  const app = createApp(host)
  const library = await readLibrary(host)
  expect(library.damaged).toEqual([])
  const own = library.models.filter((model) => model.own)
  expect(own.map(({ id, role, total }) => ({ id, role, total }))).toEqual([
    { id: 'llama-stopped', role: 'dense', total: 2456 },
    { id: 'mixtral-stopped', role: 'moe', total: 2592 },
    { id: 'qwen2-moe-finished', role: 'moe', total: 2808 }
  ])
  await refreshTrainings(app)
  expect(app.store.getState()).toMatchObject({
    unfinished: ['llama-stopped', 'mixtral-stopped'],
    checkpointed: ['mixtral-stopped', 'qwen2-moe-finished']
  })
})

test('what the desktop kept', async () => {
  const folder = await temporaryFolder()
  await cp(saved('desktop'), folder, { recursive: true })
  const turns = createTurns()
  const documents = createDocuments(folder, turns)
  const host = Object.assign(createMemoryHost(), { recall: documents.recall, lastCrash: async () => 'cut off' })
  const { choices, settings, warnings } = await recallBeginning(host, '')
  const text = (name: string) => readFile(join(folder, name), 'utf8')
  expect(warnings).toEqual([])
  expect({ settings }).toMatchObject({ settings: JSON.parse(await text('settings.json')).settings })
  expect({ choices }).toMatchObject({ choices: inLab(JSON.parse(await text('state.json')).choices) })

  const keep = keepIn(folder, turns, (error) => {
    throw error
  })
  const window = createWindowState(keep)
  expect(window.value).toEqual({
    bounds: { x: 40, y: 60, width: 1280, height: 800 },
    maximized: true,
    fullScreen: false,
    theme: 'dark'
  })
  const before = await text('window.json')
  await window.set(window.value)
  expect(await text('window.json')).toBe(before)
  expect(createModelsFolder(keep, folder).now).toEqual({ path: '/home/ada/models', chosen: true })

  const trace = join(folder, 'moe-64.safetensors')
  await writeFile(trace, '')
  const [first, ...others] = JSON.parse(await text('recent-files.json'))
  await writeFile(join(folder, 'recent-files.json'), JSON.stringify([{ ...first, path: trace }, ...others]))
  const system = { addRecentDocument: () => undefined, clearRecentDocuments: () => undefined }
  const recent = createRecentFiles(keep, system, () => undefined)
  expect(recent.pathOf('8d1f2b1e-0c59-4c0e-8a3e-2f6f7f0d9a22')).toBe('/home/ada/dense-64-and-moe-64.moescope')
  expect(await recent.list()).toEqual([{ id: first.id, name: 'moe-64.safetensors', folder, opened: 1_790_000_000_000 }])
})
