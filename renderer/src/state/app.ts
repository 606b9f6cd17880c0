import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Host } from '../host/host'
import { type AppState, waitingContestants } from './app-state'
import { type Choices, defaultChoices } from './choices'
import { readLibrary } from './library'
import { createSession, type Session } from './session'

/** The app as its views and commands see it. */
export interface App {
  readonly host: Host
  readonly store: StoreApi<AppState>
  readonly session: Session
  /** Changes choices, and does what follows: other models are loaded, and another prompt ends the run. */
  choose(changes: Partial<Choices>): void
  /** Begins: reads what is shipped and makes the engine ready. */
  open(): Promise<void>
}

export function createApp(host: Host, choices: Choices = defaultChoices, notice?: string): App {
  const store = createStore<AppState>(() => ({
    choices,
    library: undefined,
    engine: undefined,
    status: 'loading',
    loading: 'Opening',
    awaited: false,
    failure: undefined,
    contestants: waitingContestants,
    replay: undefined,
    pointed: null,
    notice,
    helpOpen: false
  }))
  const session = createSession(host, store)
  return {
    host,
    store,
    session,
    choose: (changes) => {
      const { choices, contestants } = store.getState()
      const changed = (keys: readonly (keyof Choices)[]) =>
        keys.some((key) => changes[key] !== undefined && changes[key] !== choices[key])
      const reloads = changed(['left', 'right', 'backend', 'threads'])
      const asksAnew = changed(['prompt', 'tokens', 'seed', 'temperature', 'topP'])
      if (reloads || asksAnew) store.setState({ replay: undefined })
      if (asksAnew && contestants[0].steps.length > 0) session.reset()
      const fresh = reloads ? { shown: 0, selected: null } : {}
      store.setState({ choices: { ...store.getState().choices, ...fresh, ...changes } })
      if (reloads) void session.prepare()
    },
    open: async () => {
      const ready = session.prepare()
      store.setState({ library: await readLibrary(host).catch(() => ({ models: [], damaged: [] })) })
      await ready
    }
  }
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
