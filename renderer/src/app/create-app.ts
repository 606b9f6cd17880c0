import { createStore } from 'zustand/vanilla'
import { initialArchitectures } from '../architectures/state'
import { commands } from '../commands/commands'
import { createSession } from '../compare/session'
import { initialCompare } from '../compare/state'
import { initialCompress } from '../compress/state'
import { restingEngine } from '../engine/state'
import type { Host } from '../host/host'
import { createLab, type StartRun, startRunWorker } from '../lab/create-lab'
import { initialLab } from '../lab/state'
import { createInspector, type StartRouting, startRoutingWorker } from '../routing/inspector'
import { initialRouting } from '../routing/state'
import { initialScaling } from '../scaling/state'
import type { App } from '../state/app'
import type { AppState, Chosen } from '../state/app-state'
import type { Beginning } from '../state/beginning'
import { type Choices, defaultChoices, gradualChoices, type ViewId } from '../state/choices'
import { heldSince } from '../state/held-pointer'
import { emptyHistory, redo, remember, undo } from '../state/history'
import { readLibrary } from '../state/library'
import { restorable } from '../state/removed-runs'
import { defaultSettings, type Settings } from '../state/settings'
import { initialStories } from '../stories/state'
import { initialSweep } from '../sweeps/state'
import { followingSession, goOwnWay } from './following'
import { initialShell } from './state'

/** Views that run the two models, or lead there: until one is shown, the engine rests, as it takes seconds to start. */
const comparing: readonly ViewId[] = ['home', 'compare']

/** The app: its state, joined of the slices that the subjects own, and what acts on it. */
export function createApp(
  host: Host,
  beginning: Beginning = {},
  startRouting: StartRouting = startRoutingWorker,
  startRun: StartRun = startRunWorker
): App {
  const store = createStore<AppState>(() => ({
    choices: beginning.choices ?? defaultChoices,
    settings: beginning.settings ?? defaultSettings,
    removed: [],
    ownStories: undefined,
    history: emptyHistory,
    library: undefined,
    ...restingEngine,
    ...initialCompare,
    ...initialRouting,
    ...initialLab,
    ...initialCompress,
    ...initialSweep,
    ...initialArchitectures,
    ...initialScaling,
    ...initialStories,
    toldSince: beginning.toldSince,
    speaker: beginning.following === true && beginning.choices?.story.speaker === true,
    ...initialShell,
    linkable: host.linkTo('') !== undefined,
    continuable: beginning.continuable ?? false,
    following: beginning.following,
    warnings: beginning.warnings ?? [],
    crash: beginning.crash
  }))
  const lab = createLab(host, store, startRun)
  const session = followingSession(createSession(host, store, lab.queue.quiet), store)
  const inspector = createInspector(store, startRouting)

  /**
   * Makes these the choices and settings, and does what follows from the difference.
   * @param shown the part of another run that is to be shown at once
   */
  function take({ choices, settings, ...others }: Chosen, shown = 0): void {
    const before = store.getState()
    const differs = (keys: readonly (keyof Choices)[]) => keys.some((key) => choices[key] !== before.choices[key])
    const reloads =
      differs(['left', 'right']) ||
      settings.backend !== before.settings.backend ||
      settings.threads !== before.settings.threads
    const asksAnew = differs(['prompt', 'tokens', 'seed', 'temperature', 'topP'])
    const reroutes = differs(['expertsOff'])
    if (reloads || asksAnew || reroutes) store.setState({ replay: undefined })
    if (differs(['score'])) store.setState({ scoreStopped: false })
    if (asksAnew && before.contestants[0].steps.length > 0) session.reset()
    const begun = asksAnew || reloads ? { shown, ...(shown === 0 ? { selected: null } : {}) } : {}
    store.setState({ choices: { ...choices, ...begun }, settings, ...others })
    if ((reloads && before.status !== 'resting') || shown > 0) void session.prepare()
    else if (comparing.includes(choices.view)) void session.wake()
    if (reloads) return
    if (reroutes) void session.rerun()
    else if (asksAnew || differs(['score'])) void session.examine()
  }

  const chosen = (): Chosen => {
    const { choices, settings, removed, ownStories } = store.getState()
    return { choices, settings, removed, ownStories }
  }

  function change(choices: Partial<Choices>, settings: Partial<Settings>): void {
    const now = chosen()
    const changed = [...changedKeys(now.choices, choices), ...changedKeys(now.settings, settings)]
    if (changed.length === 0) return
    if (Object.keys(choices).length > 0) goOwnWay(store)
    const before = chosen()
    // The view, and the place in a run or a story, are nothing to take back.
    const [first, ...more] = changed.filter((key) => !['view', 'shown', 'story'].includes(key))
    if (first !== undefined) {
      const changedParts = more.length === 0 ? [first, partOf(first, before.choices, choices)] : []
      const gradual = changedParts.find((each) => gradualChoices.includes(each))
      store.setState(({ history, removed }) =>
        restorable({ history: remember(history, before, gradual, performance.now(), heldSince()), removed })
      )
    }
    const next = {
      ...chosen(),
      choices: { ...before.choices, ...choices },
      settings: Object.keys(settings).length > 0 ? { ...before.settings, ...settings } : before.settings
    }
    take(next, choices.shown)
  }

  function changeStories(ownStories: Chosen['ownStories'], gradual?: string): void {
    const before = chosen()
    store.setState(({ history, removed }) => ({
      ...restorable({ history: remember(history, before, gradual, performance.now()), removed }),
      ownStories
    }))
  }

  /** The removal under way: a step through history waits for it, as it is what undo takes back. */
  let removal: Promise<void> | undefined

  function remove(id: string): Promise<void> {
    const own = removeNow(id).finally(() => {
      if (removal === own) removal = undefined
    })
    removal = own
    return own
  }

  async function removeNow(id: string): Promise<void> {
    const before = chosen()
    const run = await lab.remove(id)
    store.setState(({ history, removed }) => ({
      ...restorable({ history: remember(history, before, undefined, performance.now()), removed: [...removed, run] }),
      notice: `${id} is removed. Undo brings it back.`
    }))
  }

  async function travel(step: typeof undo | typeof redo, done: string): Promise<void> {
    // Whoever asked for the removal hears why it failed.
    if (removal) await removal.catch(() => undefined)
    const now = chosen()
    const found = step<Chosen>(store.getState().history, now)
    if (!found) return
    store.setState({ history: found.history })
    const { view, shown, story } = now.choices
    const next = {
      ...found.chosen,
      choices: { ...found.chosen.choices, view, shown, story },
      // Choices made before they were read say nothing of them.
      ownStories: found.chosen.ownStories ?? now.ownStories
    }
    take(next)
    for (const run of now.removed) if (!next.removed.includes(run)) await lab.restore(run)
    for (const run of next.removed) if (!now.removed.includes(run)) await lab.remove(run.id)
    // Nothing that the front page waits for.
    const { changeText } = await import('../words/change-words')
    store.setState({ notice: `${done} ${changeText(now, next)}` })
  }

  return {
    host,
    store,
    session,
    inspector,
    lab,
    commands,
    choose: (changes) => change(changes, {}),
    configure: (changes) => change({}, changes),
    remove,
    changeStories,
    undo: () => travel(undo, 'Undone'),
    redo: () => travel(redo, 'Done again'),
    notify: (notice) => store.setState({ notice }),
    open: async () => {
      const ready = comparing.includes(store.getState().choices.view) ? session.wake() : undefined
      store.setState({ library: await readLibrary(host).catch(() => ({ models: [], damaged: [] })) })
      await ready
    }
  }
}

/** The part of a group of choices that changed, if it is one: `architectures.filter`. */
function partOf(group: string, before: Choices, changes: Partial<Choices>): string {
  const [old, value] = [before[group as keyof Choices], changes[group as keyof Choices]]
  if (typeof old !== 'object' || old === null || typeof value !== 'object' || value === null) return group
  const parts = changedKeys(old, value)
  return parts.length === 1 ? `${group}.${parts[0]}` : group
}

function changedKeys<T extends object>(before: T, changes: Partial<T>): string[] {
  return Object.keys(changes).filter((key) => {
    const [old, value] = [before[key as keyof T], changes[key as keyof T]]
    return value !== undefined && JSON.stringify(old) !== JSON.stringify(value)
  })
}
