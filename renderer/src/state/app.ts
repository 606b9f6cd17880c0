import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { createSession, type Session } from '../compare/session'
import type { Host } from '../host/host'
import { createJobs, type Jobs } from '../lab/jobs'
import { createInspector, type Inspector, type StartRouting, startRoutingWorker } from '../routing/inspector'
import { scalingAmounts } from '../scaling/choices'
import { type AppState, type Chosen, waitingContestants } from './app-state'
import { type Choices, defaultChoices, type ViewId } from './choices'
import { emptyHistory, redo, remember, undo } from './history'
import { readLibrary } from './library'
import { defaultSettings, type Settings } from './settings'

/** The app as its views and commands see it. */
export interface App {
  readonly host: Host
  readonly store: StoreApi<AppState>
  readonly session: Session
  readonly inspector: Inspector
  readonly jobs: Jobs
  /** Changes choices, and does what follows: other models are loaded, and another prompt ends the run. */
  choose(changes: Partial<Choices>): void
  /** Changes settings, and does what follows: another backend takes another engine. */
  configure(changes: Partial<Settings>): void
  /** Takes back the last change of choices or settings. */
  undo(): void
  redo(): void
  /** Tells the user something that goes away by itself. */
  notify(notice: string): void
  /** Begins: reads what is shipped and makes the engine ready. */
  open(): Promise<void>
}

/** What is typed, dragged or walked through: many changes that are one to who makes them. */
const changesGradually = [
  'prompt',
  'temperature',
  'topP',
  'selected',
  'inspection',
  ...['filter', 'context', 'batch'].map((key) => `architectures.${key}`),
  ...scalingAmounts.map((key) => `scaling.${key}`)
]

/** Views that run no model: the engine, which takes seconds to start, rests until one does. */
const withoutModels: readonly ViewId[] = ['architectures', 'scaling']

/** What an app begins with. */
export interface Beginning extends Partial<Chosen> {
  readonly warnings?: readonly string[]
  readonly crash?: string | undefined
  readonly continuable?: boolean
}

export function createApp(host: Host, beginning: Beginning = {}, startRouting: StartRouting = startRoutingWorker): App {
  const store = createStore<AppState>(() => ({
    choices: beginning.choices ?? defaultChoices,
    settings: beginning.settings ?? defaultSettings,
    history: emptyHistory,
    library: undefined,
    engine: undefined,
    status: 'resting',
    loading: 'Opening',
    awaited: false,
    failure: undefined,
    contestants: waitingContestants,
    replay: undefined,
    traces: [],
    measured: undefined,
    asked: undefined,
    ablation: undefined,
    speedPoints: [],
    gallery: undefined,
    machine: undefined,
    training: undefined,
    unfinished: [],
    checkpointed: [],
    jobs: [],
    recent: [],
    linkable: host.linkTo('') !== undefined,
    continuable: beginning.continuable ?? false,
    pointed: null,
    revealed: undefined,
    notice: undefined,
    warnings: beginning.warnings ?? [],
    crash: beginning.crash,
    overlay: undefined
  }))
  const session = createSession(host, store)
  const inspector = createInspector(store, startRouting)

  /** Makes these the choices and settings, and does what follows from the difference. */
  function take({ choices, settings }: Chosen): void {
    const before = store.getState()
    const differs = (keys: readonly (keyof Choices)[]) => keys.some((key) => choices[key] !== before.choices[key])
    const reloads =
      differs(['left', 'right']) ||
      settings.backend !== before.settings.backend ||
      settings.threads !== before.settings.threads
    const asksAnew = differs(['prompt', 'tokens', 'seed', 'temperature', 'topP'])
    if (reloads || asksAnew) store.setState({ replay: undefined })
    if (asksAnew && before.contestants[0].steps.length > 0) session.reset()
    const begun = asksAnew || reloads ? { shown: 0, selected: null } : {}
    store.setState({ choices: { ...choices, ...begun }, settings })
    if (reloads && before.status !== 'resting') void session.prepare()
    else if (!withoutModels.includes(choices.view)) void session.wake()
  }

  function change(choices: Partial<Choices>, settings: Partial<Settings>): void {
    const before = store.getState()
    const changed = [...changedKeys(before.choices, choices), ...changedKeys(before.settings, settings)]
    if (changed.length === 0) return
    // Where one is and how far a run is are nothing to take back.
    const [first, ...more] = changed.filter((key) => key !== 'view' && key !== 'shown')
    if (first !== undefined) {
      const chosen = { choices: before.choices, settings: before.settings }
      const changedParts = more.length === 0 ? [first, partOf(first, before.choices, choices)] : []
      const gradual = changedParts.find((each) => changesGradually.includes(each))
      store.setState({ history: remember(before.history, chosen, gradual, performance.now()) })
    }
    take({
      choices: { ...before.choices, ...choices },
      settings: Object.keys(settings).length > 0 ? { ...before.settings, ...settings } : before.settings
    })
  }

  function travel(step: typeof undo | typeof redo): void {
    const { choices, settings, history } = store.getState()
    const found = step<Chosen>(history, { choices, settings })
    if (!found) return
    store.setState({ history: found.history })
    const { view, shown } = choices
    take({ ...found.chosen, choices: { ...found.chosen.choices, view, shown } })
  }

  return {
    host,
    store,
    session,
    inspector,
    jobs: createJobs(store),
    choose: (changes) => change(changes, {}),
    configure: (changes) => change({}, changes),
    undo: () => travel(undo),
    redo: () => travel(redo),
    notify: (notice) => store.setState({ notice }),
    open: async () => {
      const ready = withoutModels.includes(store.getState().choices.view) ? undefined : session.wake()
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

const AppContext = createContext<App | undefined>(undefined)

export const AppProvider = AppContext.Provider

/** The app around this component. */
export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('a component was drawn outside of the app')
  return app
}

/** A part of the state; the component is drawn again when that part changes. */
export function useAppState<T>(part: (state: AppState) => T): T {
  return useStore(useApp().store, part)
}
