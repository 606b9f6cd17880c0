import { expect, test } from 'vitest'
import { createMemoryHost } from '../host/memory'
import type { App } from '../state/app'
import { defaultChoices } from '../state/choices'
import { createApp } from './create-app'

function chosen({ store }: App) {
  const { choices, settings } = store.getState()
  return { ...choices, ...settings }
}

test('every choice and setting can be undone and done again', () => {
  const app = createApp(createMemoryHost())
  const begun = chosen(app)
  app.choose({ prompt: 'geba lives in ' })
  app.choose({ pair: 'free', left: 'moe-32' })
  app.configure({ theme: 'dark' })
  app.choose({ temperature: 1.2 })
  const done = chosen(app)
  for (let i = 0; i < 4; i++) void app.undo()
  expect(chosen(app)).toEqual(begun)
  void app.undo()
  expect(chosen(app)).toEqual(begun)
  for (let i = 0; i < 4; i++) void app.redo()
  expect(chosen(app)).toEqual(done)
})

test('what is undone and done again is said, with its place', async () => {
  const app = createApp(createMemoryHost())
  const notice = () => app.store.getState().notice
  app.choose({ seed: 11 })
  app.choose({ pair: 'free', left: 'moe-32' })
  const { lab } = defaultChoices
  const runs = lab.runs.map((run, place) => (place === 1 ? { ...run, topK: 4 } : run))
  app.choose({ lab: { ...lab, runs }, view: 'home' })
  app.configure({ textSize: 150 })
  await app.undo()
  expect(notice()).toBe('Undone in Settings: text size.')
  await app.undo()
  expect(notice()).toBe('Undone in Lab: top-k.')
  await app.undo()
  expect(notice()).toBe('Undone in Compare: pair of models, left model.')
  await app.undo()
  expect(notice()).toBe('Undone in Compare: seed.')
  await app.redo()
  expect(notice()).toBe('Done again in Compare: seed.')
})

test('undoing takes nobody to another view', () => {
  const app = createApp(createMemoryHost())
  app.choose({ seed: 11 })
  app.choose({ view: 'compare' })
  void app.undo()
  expect(app.store.getState().choices).toMatchObject({ view: 'compare', seed: defaultChoices.seed })
})

test('choosing what is chosen already is no change', () => {
  const app = createApp(createMemoryHost())
  app.choose({ seed: defaultChoices.seed, selected: null })
  expect(app.store.getState().history.past).toEqual([])
})

test('a slider that is dragged is undone in one step', () => {
  const app = createApp(createMemoryHost())
  for (const temperature of [0.75, 0.8, 0.85, 0.9]) app.choose({ temperature })
  void app.undo()
  expect(app.store.getState().choices.temperature).toBe(defaultChoices.temperature)
})

test('in a group of choices what is typed is undone in one step, and each other change by itself', () => {
  const app = createApp(createMemoryHost())
  const look = (changes: Partial<typeof defaultChoices.architectures>) =>
    app.choose({ architectures: { ...app.store.getState().choices.architectures, ...changes } })
  for (const filter of ['q', 'qw', 'qwe']) look({ filter })
  look({ kind: 'moe' })
  look({ changes: { experts: 4 } })
  look({ changes: { experts: 4, topK: 1 } })
  const steps = Array.from({ length: 4 }, () => {
    void app.undo()
    const { changes, kind, filter } = app.store.getState().choices.architectures
    return { changes, kind, filter }
  })
  expect(steps).toEqual([
    { changes: { experts: 4 }, kind: 'moe', filter: 'qwe' },
    { changes: {}, kind: 'moe', filter: 'qwe' },
    { changes: {}, kind: 'all', filter: 'qwe' },
    { changes: {}, kind: 'all', filter: '' }
  ])
})

test('another prompt begins the text anew, and a longer text keeps the token that was looked at out', () => {
  const app = createApp(createMemoryHost())
  app.choose({ selected: { model: 1, position: 5 } })
  app.choose({ prompt: 'n6x:' })
  expect(app.store.getState().choices).toMatchObject({ selected: null, shown: 0 })
})

test('what is opened or pasted brings the part of its run that was shown', () => {
  const app = createApp(createMemoryHost())
  const selected = { model: 1, position: 5 } as const
  app.choose({ ...defaultChoices, view: 'compare', prompt: 'n6x:', shown: 12, selected })
  expect(app.store.getState().choices).toMatchObject({ prompt: 'n6x:', shown: 12, selected })
})

test.each(['trace', 'lab', 'architectures', 'scaling'] as const)('in %s the engine of the comparison rests', (view) => {
  const app = createApp(createMemoryHost(), { choices: { ...defaultChoices, view } })
  void app.open()
  app.choose({ prompt: 'geba lives in ' })
  expect(app.store.getState().status).toBe('resting')
  app.choose({ view: 'compare' })
  expect(app.store.getState().status).not.toBe('resting')
})

test('the files of a removed run are kept as long as undo can bring it back', () => {
  const app = createApp(createMemoryHost())
  const run = { id: 'my-moe', place: 'models', files: [] } as const
  const { choices, settings } = app.store.getState()
  // As removing it leaves it.
  app.store.setState({
    removed: [run],
    history: { past: [{ choices, settings, removed: [], ownStories: undefined }], future: [], last: undefined }
  })
  const held = () => {
    const { removed, history } = app.store.getState()
    return [removed, ...history.past.map((each) => each.removed)].some((each) => each.includes(run))
  }
  for (let seed = 1; seed < 200; seed++) app.choose({ seed: 1000 + seed })
  expect(app.store.getState().history.past).toHaveLength(200)
  expect(app.store.getState().removed).toEqual([run])
  app.choose({ seed: 5 })
  expect(held()).toBe(false)
  void app.undo()
  expect(app.store.getState().choices.seed).toBe(1199)
})
