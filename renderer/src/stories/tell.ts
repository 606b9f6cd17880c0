/** Stories in the app: one is read, told, and left for a live view and back. */
import { messageOf } from '@core/reason'
import { type ReadStory, readStory, type Story } from '@core/stories/story'
import type { App } from '../state/app'
import { commandOf } from '../state/command'
import { runCommand } from '../state/run-command'
import { openSecondWindow } from '../state/sharing'
import { readVersioned, stateFormat } from '../state/versioned'
import { beginStory } from './begin'
import { defaultStory, ownStoryId } from './choices'
import { addStory, editStory, sameStory } from './own-actions'
import { openOwnStories } from './own-stories'
import { freshStage } from './state'
import type { Teller } from './teller'

/** Speaks to the stage from the speaker's window. */
export const keyChannel = 'moescope.story-keys'

/** Keeps a story of the user's and begins it. Rejects where nothing of it is whole. @returns what is to be said of it */
export async function openStory(app: App, name: string, text: string): Promise<string> {
  const { story, remarks } = readStory(text, name)
  await openOwnStories(app)
  const known = app.store.getState().ownStories?.find((own) => sameStory(own.story, story))
  beginStory(app, known?.story.id ?? addStory(app, { story, remarks }))
  return [`${story.title}: ${story.chapters.length} chapters.`, ...remarks].join(' ')
}

/** Reads the chosen story where it is not here yet. */
export async function loadStory(app: Pick<App, 'host' | 'store'>, id: string): Promise<void> {
  const { store } = app
  if (id === '' || store.getState().told?.id === id) return
  store.setState({ storyFailure: undefined })
  const isChosen = () => store.getState().choices.story.id === id
  try {
    const read = await readById(app, id)
    if (isChosen()) store.setState({ told: { ...read, id }, seen: [] })
  } catch (error) {
    if (isChosen()) store.setState({ told: undefined, storyFailure: messageOf(error) })
  }
}

/** A story of any id, with the remarks of its reading. Rejects where it cannot be read. */
export async function readById(app: Pick<App, 'host' | 'store'>, id: string): Promise<ReadStory> {
  if (!ownStoryId.test(id)) return readStory(new TextDecoder().decode(await app.host.readStory(id)), id)
  await openOwnStories(app)
  const own = app.store.getState().ownStories?.find(({ story }) => story.id === id)
  if (!own) throw new Error('It is not kept here: open its file again.')
  return own
}

/** The app as the surroundings of a stage. */
export function appTeller(app: App): Teller {
  return {
    store: app.store,
    choose: app.choose,
    grants: () => true,
    fulfil: (wish, chapter) => fulfil(app, wish, chapter?.choices)
  }
}

function fulfil(app: App, wish: Parameters<Teller['fulfil']>[0], given: Story['chapters'][number]['choices']): void {
  switch (wish) {
    case 'leave':
      return leaveStage(app)
    case 'live':
      return given ? goLive(app, given) : undefined
    case 'speaker':
      void openSecondWindow(app, { story: { ...app.store.getState().choices.story, speaker: true } })
      return
    case 'full-screen':
    case 'theme':
      runCommand(app, commandOf(app, wish))
  }
}

/** Goes back to where the story was begun: the editor, or the list. */
function leaveStage(app: App): void {
  const { id, chapter, fromEditor } = app.store.getState().choices.story
  if (fromEditor) editStory(app, id, chapter)
  else leave(app)
}

/** Goes back to the list. */
export function leave({ choose, store }: App): void {
  store.setState({ stage: freshStage, toldSince: undefined })
  choose({ story: defaultStory })
}

/** Goes back to the chapter, whose record is shown, as soon as the engine fails; the speaker hears of it after the talk. */
function returnOnFailure({ store, choose, notify }: App): void {
  const check = () => {
    const { choices, status, failure } = store.getState()
    if (choices.view === 'compare' && status !== 'failed') return
    stop()
    if (choices.view !== 'compare' || choices.story.id === '' || choices.story.edit) return
    choose({ view: 'stories' })
    notify(`Live did not work, and the record was shown: ${failure?.title ?? 'the engine failed'}.`)
  }
  const stop = store.subscribe(check)
  check()
}

/** Shows the chapter's view with what it chooses, and runs it where it compares; the story waits. */
export function goLive(app: App, stored: NonNullable<Story['chapters'][number]['choices']>): void {
  try {
    const { choices } = readVersioned(stateFormat, stored)
    const named = Object.keys(Object(stored.choices))
    app.choose(Object.fromEntries(Object.entries(choices).filter(([key]) => named.includes(key) && key !== 'story')))
    if (choices.view === 'compare') {
      runCommand(app, commandOf(app, 'run'))
      returnOnFailure(app)
    }
  } catch (error) {
    app.notify(`This view cannot be shown live: ${messageOf(error)}`)
  }
}
