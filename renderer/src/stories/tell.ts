/** Stories in the app: one is read, told, and left for a live view and back. */
import { messageOf } from '@core/reason'
import { type ReadStory, readStory, type Story } from '@core/stories/story'
import type { App } from '../state/app'
import { commandOf } from '../state/command'
import { keepText, keptText } from '../state/own-texts'
import { runCommand } from '../state/run-command'
import { openSecondWindow } from '../state/sharing'
import { readVersioned, stateFormat } from '../state/versioned'
import { beginStory } from './begin'
import type { Wish } from './player'
import { freshStage } from './state'
import type { Teller } from './teller'

/** Speaks to the stage from the speaker's window. */
export const keyChannel = 'moescope.story-keys'

/** Keeps a story of the user's and begins it. Rejects where nothing of it is whole. @returns what is to be said of it */
export async function openStory(app: App, name: string, text: string): Promise<string> {
  const { story, remarks } = readStory(text, name)
  beginStory(app, await keepText(app.host, text))
  return [`${story.title}: ${story.chapters.length} chapters.`, ...remarks].join(' ')
}

/** Reads the chosen story where it is not the one that was read last. */
export async function loadStory({ host, store }: Pick<App, 'host' | 'store'>, id: string): Promise<void> {
  if (id === '' || store.getState().told?.id === id) return
  store.setState({ storyFailure: undefined })
  const isChosen = () => store.getState().choices.story.id === id
  try {
    const read = await readById(host, id)
    if (isChosen()) store.setState({ told: { ...read, id } })
  } catch (error) {
    if (isChosen()) store.setState({ told: undefined, storyFailure: messageOf(error) })
  }
}

async function readById(host: App['host'], id: string): Promise<ReadStory> {
  if (!/^[0-9a-f]{64}$/.test(id)) return readStory(new TextDecoder().decode(await host.readStory(id)), id)
  const text = await keptText(host, id)
  if (!text) throw new Error('its file is not kept here: open it again')
  return readStory(new TextDecoder().decode(text), 'the story')
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

function fulfil(app: App, wish: Wish, given: Story['chapters'][number]['choices']): void {
  switch (wish) {
    case 'leave':
      return leave(app)
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

function leave({ choose, store }: App): void {
  store.setState({ stage: freshStage, toldSince: undefined })
  choose({ story: { id: '', chapter: 0, speaker: false } })
}

/** Shows the chapter's view with what it chooses, and runs it where it compares; the story waits. */
function goLive(app: App, stored: NonNullable<Story['chapters'][number]['choices']>): void {
  try {
    const { choices } = readVersioned(stateFormat, stored)
    const named = Object.keys(Object(stored.choices))
    app.choose(Object.fromEntries(Object.entries(choices).filter(([key]) => named.includes(key) && key !== 'story')))
    if (choices.view === 'compare') runCommand(app, commandOf(app, 'run'))
  } catch (error) {
    app.notify(`This view cannot be shown live: ${messageOf(error)}`)
  }
}
