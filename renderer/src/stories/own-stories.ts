/** The user's stories: each is kept in a folder among those of runs, and written at every change. */
import { messageOf } from '@core/reason'
import { type ReadStory, readStory, writeStory } from '@core/stories/story'
import type { App } from '../state/app'
import type { AppState, Chosen } from '../state/app-state'
import { ownStoryId } from './choices'

const fileName = 'story.jsonl'

/** Tells other windows which story was written. */
const channelName = 'moescope.own-stories'

type Keeper = Pick<App, 'host' | 'store'>

const opened = new WeakMap<App['store'], Promise<void>>()

/** Reads the user's stories, once, and keeps them from then on. */
export function openOwnStories(app: Keeper): Promise<void> {
  const known = opened.get(app.store)
  if (known) return known
  const opening = open(app)
  opened.set(app.store, opening)
  return opening
}

async function open(app: Keeper): Promise<void> {
  await readAll(app)
  const { flush } = keepOwnStories(app)
  for (const leaving of ['visibilitychange', 'beforeunload', 'pagehide']) window.addEventListener(leaving, flush)
}

/** An id that no other story has. */
export function freshId(): string {
  return `story-${crypto.randomUUID().slice(0, 8)}`
}

/** Reads all that are kept; of one that is not whole, what is, and a warning says the rest. */
export async function readAll({ host, store }: Keeper): Promise<void> {
  const ids = (await host.runs.ids()).filter((id) => ownStoryId.test(id))
  const warnings: string[] = []
  const read = await Promise.all(
    ids.map(async (id) => {
      try {
        const found = await readKept({ host }, id)
        return found ? [found] : []
      } catch (error) {
        warnings.push(`One of your stories cannot be read, and stays in ${id}: ${messageOf(error)}.`)
        return []
      }
    })
  )
  store.setState((state) => ({ ownStories: read.flat(), warnings: [...state.warnings, ...warnings] }))
}

async function readKept({ host }: Pick<App, 'host'>, id: string): Promise<ReadStory | undefined> {
  const content = await host.runs.files(id).read(fileName)
  if (!content) return undefined
  const { story, remarks } = readStory(new TextDecoder().decode(content), id)
  return { story: { ...story, id }, remarks }
}

/** Writes each story that changes at once, or right after the writing that is under way. `flush` awaits nothing. */
export function keepOwnStories({ host, store }: Keeper): { flush(): void; stop(): void } {
  const channel = new BroadcastChannel(channelName)
  let kept = store.getState().ownStories ?? []
  /** Stories to be written, by their ids; undefined where one is to be removed. */
  const waiting = new Map<string, ReadStory | undefined>()
  let writing = false

  const warn = (warning: string) =>
    store.setState(({ warnings }) => (warnings.includes(warning) ? {} : { warnings: [...warnings, warning] }))
  const write = async (id: string, read: ReadStory | undefined) => {
    try {
      if (read) await host.runs.files(id).write(fileName, new TextEncoder().encode(writeStory(read.story)))
      else await host.runs.remove(id)
      channel.postMessage(id)
    } catch (error) {
      warn(`“${read?.story.title ?? id}” is not being kept: ${messageOf(error)}.`)
    }
  }
  const flush = async () => {
    const now = [...waiting]
    waiting.clear()
    await Promise.all(now.map(([id, read]) => write(id, read)))
  }
  const writeAll = async () => {
    if (writing) return
    writing = true
    while (waiting.size > 0) await flush()
    writing = false
  }
  /** Shows a story as another window has written it. Undo here takes nothing back that was done there. */
  const takeOver = async (id: string) => {
    try {
      const read = await readKept({ host }, id)
      const replaced = <T extends Pick<Chosen, 'ownStories'>>(chosen: T): T => ({
        ...chosen,
        ownStories: chosen.ownStories && withStory(chosen.ownStories, id, read)
      })
      const { ownStories = [], history } = store.getState()
      kept = withStory(ownStories, id, read)
      store.setState({
        ...toldAfter(store.getState(), kept),
        ownStories: kept,
        history: { ...history, past: history.past.map(replaced), future: history.future.map(replaced) }
      })
    } catch (error) {
      warn(`A story that was changed in another window cannot be read: ${messageOf(error)}.`)
    }
  }
  const stop = store.subscribe(({ ownStories = [] }) => {
    if (ownStories === kept) return
    for (const [id, read] of changedStories(kept, ownStories)) waiting.set(id, read)
    kept = ownStories
    store.setState((state) => toldAfter(state, ownStories))
    void writeAll()
  })
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'string' || !ownStoryId.test(data)) return
    void takeOver(data)
  }
  return {
    flush: () => void flush(),
    stop: () => {
      stop()
      channel.close()
    }
  }
}

/** Stories that differ, by their ids, as they are now. */
function changedStories(before: readonly ReadStory[], now: readonly ReadStory[]) {
  const gone = before.filter(({ story }) => !now.some((each) => each.story.id === story.id))
  const written = now.filter((each) => !before.some(({ story }) => story === each.story))
  return [
    ...gone.map(({ story }) => [story.id, undefined] as const),
    ...written.map((each) => [each.story.id, each] as const)
  ]
}

/** The stories with this one in the place of its earlier self, or without it. */
export function withStory(stories: readonly ReadStory[], id: string, read: ReadStory | undefined): ReadStory[] {
  const at = stories.findIndex(({ story }) => story.id === id)
  const others = read ? [read] : []
  return at < 0 ? [...stories, ...others] : stories.toSpliced(at, 1, ...others)
}

/** The story that is told, as it is after a change of the user's; where it is gone, why it is not there. */
function toldAfter({ choices }: AppState, now: readonly ReadStory[]): Partial<AppState> {
  const { id } = choices.story
  if (!ownStoryId.test(id)) return {}
  const own = now.find(({ story }) => story.id === id)
  return own
    ? { told: { ...own, id }, storyFailure: undefined }
    : { told: undefined, storyFailure: 'It was removed. Undo brings it back.' }
}
