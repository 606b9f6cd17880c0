import { changeChapter, insertChapter } from '@core/stories/edit'
import { readStory, writeStory } from '@core/stories/story'
import { everyKind } from '@core/stories/story.fixture'
import { afterEach, expect, test } from 'vitest'
import { createApp } from '../app/create-app'
import { createMemoryHost, type MemoryHost } from '../host/memory'
import type { App } from '../state/app'
import { addStory, blankChapter, changeStory, removeStory, sameStory } from './own-actions'
import { keepOwnStories, readAll } from './own-stories'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** An app that keeps its stories in this host, as after a start. */
async function started(host: MemoryHost): Promise<App> {
  const app = createApp(host)
  await readAll(app)
  stops.push(keepOwnStories(app).stop)
  return app
}

const storiesOf = ({ store }: App) => (store.getState().ownStories ?? []).map(({ story }) => story)
const keptIn = async (host: MemoryHost) => {
  const app = createApp(host)
  await readAll(app)
  return storiesOf(app)
}

test('each change of a story is kept as it is made, and a start finds the last one', async () => {
  const host = createMemoryHost()
  const app = await started(host)
  const id = addStory(app, { story: everyKind, remarks: [] })
  for (const title of ['A', 'Ab', 'Abc']) changeStory(app, id, (story) => ({ ...story, title }), 'title')
  await expect.poll(() => keptIn(host)).toEqual([{ ...everyKind, id, title: 'Abc' }])
  removeStory(app, id)
  await expect.poll(() => host.runs.ids()).toEqual([])
  await app.undo()
  await expect.poll(() => keptIn(host)).toEqual([{ ...everyKind, id, title: 'Abc' }])
})

test('undo goes back change by change, typing by what was typed, and says of which story and chapter', async () => {
  const app = await started(createMemoryHost())
  const id = addStory(app, { story: everyKind, remarks: [] })
  for (const headline of ['N', 'Ne', 'New'])
    changeStory(app, id, (story) => changeChapter(story, 2, { headline }), '2 headline')
  changeStory(app, id, (story) => changeChapter(story, 3, { pointer: undefined }))
  changeStory(app, id, (story) => insertChapter(story, 7, blankChapter))
  app.choose({ seed: 12 })
  const said: (string | undefined)[] = []
  for (let i = 0; i < 5; i++) {
    await app.undo()
    said.push(app.store.getState().notice)
  }
  expect(said).toEqual([
    'Undone in Compare: seed.',
    'Undone in “Every kind”: chapter 8, “Untitled”.',
    'Undone in “Every kind”: pointer of chapter 4.',
    'Undone in “Every kind”: headline of chapter 3.',
    'Undone the story “Every kind”.'
  ])
  expect(storiesOf(app)).toEqual([])
  for (let i = 0; i < 5; i++) await app.redo()
  expect(storiesOf(app)[0]?.chapters).toHaveLength(8)
  expect(storiesOf(app)[0]?.chapters[2]?.headline).toBe('New')
})

test('what was chosen before the stories were read takes none of them back', async () => {
  const host = createMemoryHost()
  addStory(await started(host), { story: everyKind, remarks: [] })
  await expect.poll(() => keptIn(host)).toHaveLength(1)
  const app = createApp(host)
  app.choose({ seed: 12 })
  await readAll(app)
  await app.undo()
  expect(storiesOf(app)).toHaveLength(1)
})

test('a story of which a chapter cannot be read opens with the others, and one without any is left where it is', async () => {
  const host = createMemoryHost()
  const broken = writeStory(everyKind).replace('"kind":"bars"', '"kind":"hologram"')
  const keep = (id: string, text: string) => host.runs.files(id).write('story.jsonl', new TextEncoder().encode(text))
  await keep('story-00000001', broken)
  await keep('story-00000002', '{')
  const app = await started(host)
  const { ownStories, warnings } = app.store.getState()
  expect(ownStories?.map(({ remarks }) => remarks)).toEqual([[expect.stringContaining('Chapter 5 is shown without')]])
  expect(warnings).toEqual([expect.stringMatching(/story-00000002: story-00000002, line 1.*is not JSON/)])
  expect((await host.runs.ids()).toSorted()).toEqual(['story-00000001', 'story-00000002'])
})

test('another window shows what is changed here, and its undo takes nothing of it back', async () => {
  const host = createMemoryHost()
  const [here, there] = [await started(host), await started(host)]
  there.choose({ seed: 12 })
  const id = addStory(here, { story: everyKind, remarks: [] })
  await expect.poll(() => storiesOf(there)).toEqual([{ ...everyKind, id }])
  there.choose({ seed: 13 })
  changeStory(here, id, (story) => ({ ...story, title: 'Other' }))
  await expect.poll(() => storiesOf(there)[0]?.title).toBe('Other')
  await there.undo()
  expect(storiesOf(there)[0]?.title).toBe('Other')
})

test('a story is the same under any id, and its file gives it back', () => {
  const other = { ...everyKind, id: 'story-00000001' }
  expect(sameStory(everyKind, other)).toBe(true)
  expect(sameStory(everyKind, { ...everyKind, title: 'Other' })).toBe(false)
  expect(sameStory(everyKind, readStory(writeStory(other), 'it').story)).toBe(true)
})
