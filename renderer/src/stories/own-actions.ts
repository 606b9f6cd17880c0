/** Acts of the user on stories of their own. Each is one change to undo, and typing is one until a pause. */
import { canonicalJson } from '@core/canonical-json'
import { messageOf } from '@core/reason'
import type { Chapter, ReadStory, Story } from '@core/stories/story'
import { writeStory } from '@core/stories/story'
import type { FileKind } from '../host/host'
import type { App } from '../state/app'
import { refreshRecent } from '../state/recent'
import { defaultStory } from './choices'
import { freshId, openOwnStories, withStory } from './own-stories'
import { freshStage } from './state'

/** The file of a story. */
export const storyFile: FileKind = { description: 'Moescope story', extensions: ['moescope-story'] }

/** The name of a story, or the headline of a chapter, that the user has not named. */
export const unnamed = 'Untitled'

/** A chapter of nothing but text. */
export const blankChapter: Chapter = { headline: unnamed, text: [], notes: '', minutes: 1 }

/** Puts a story among the user's own. @returns its id there */
export function addStory({ store, changeStories }: App, { story, remarks }: ReadStory): string {
  const id = freshId()
  changeStories([...(store.getState().ownStories ?? []), { story: { ...story, id }, remarks }])
  return id
}

/** Changes one of the user's stories. */
export function changeStory(
  { store, changeStories }: App,
  id: string,
  change: (story: Story) => Story,
  gradual?: string
): void {
  const own = store.getState().ownStories ?? []
  const found = own.find((each) => each.story.id === id)
  if (!found) throw new Error('this story is not among your own any more')
  const story = change(found.story)
  if (story === found.story) return
  changeStories(withStory(own, id, { ...found, story }), gradual && `story ${id} ${gradual}`)
}

/** Begins a story of one's own with a chapter of text. */
export async function newStory(app: App): Promise<void> {
  await openOwnStories(app)
  editStory(app, addStory(app, { story: storyOf(unnamed, [blankChapter]), remarks: [] }))
}

/** Makes a copy of a story, also of a built-in one, and opens it in the editor. */
export async function duplicateStory(app: App, { story, remarks }: ReadStory): Promise<void> {
  await openOwnStories(app)
  editStory(app, addStory(app, { story: { ...story, title: `${story.title} (copy)` }, remarks }))
}

/** Takes a story from the user's own; undo brings it back. */
export function removeStory({ store, changeStories, notify }: App, id: string): void {
  const own = store.getState().ownStories ?? []
  const title = own.find(({ story }) => story.id === id)?.story.title
  changeStories(withStory(own, id, undefined))
  notify(`“${title}” is removed. Undo brings it back.`)
}

/** Opens one of the user's stories in the editor. */
export function editStory({ choose, store }: App, id: string, chapter = 0): void {
  store.setState({ stage: freshStage, toldSince: undefined })
  choose({ view: 'stories', story: { ...defaultStory, id, chapter, edit: true } })
}

/** Saves a story as a file that holds all that it shows. */
export async function saveStory(app: App, story: Story): Promise<void> {
  try {
    const saved = await app.host.saveFile(`${fileStem(story)}.moescope-story`, storyFile, writeStory(story))
    await refreshRecent(app)
    if (saved) app.notify(`${saved} is saved, with all that it shows.`)
  } catch (error) {
    app.notify(`The story was not saved: ${messageOf(error)}`)
  }
}

/** A story of one's own, before it has its id. */
export function storyOf(title: string, chapters: readonly Chapter[]): Story {
  return { id: 'new', title, answer: '', chapters }
}

/** True where both tell the same under the same title. */
export function sameStory(a: Story, b: Story): boolean {
  return canonicalJson({ ...a, id: '' }) === canonicalJson({ ...b, id: '' })
}

/** The title as the name of a file: letters, digits and hyphens. */
function fileStem({ title }: Story): string {
  return (title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['story']).join('-').slice(0, 60)
}
