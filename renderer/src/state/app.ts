import type { ReadStory } from '@core/stories/story'
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { StoreApi } from 'zustand/vanilla'
import type { Session } from '../compare/state'
import type { Host } from '../host/host'
import type { Lab } from '../lab/state'
import type { Inspector } from '../routing/state'
import type { AppState } from './app-state'
import type { Choices } from './choices'
import type { Command } from './command'
import type { Settings } from './settings'

/** The app as its views and commands see it. */
export interface App {
  readonly host: Host
  readonly store: StoreApi<AppState>
  readonly session: Session
  readonly inspector: Inspector
  readonly lab: Lab
  /** Everything that the user can do. */
  readonly commands: readonly Command[]
  /** Changes choices, and does what follows: other models are loaded, and another prompt ends the run. */
  choose(changes: Partial<Choices>): void
  /** Changes settings, and does what follows: another backend takes another engine. */
  configure(changes: Partial<Settings>): void
  /** Removes a run with what it has saved; undo brings it back. */
  remove(id: string): Promise<void>
  /**
   * Makes these the user's stories; undo takes it back.
   * @param gradual what is typed, of which many changes are one
   */
  changeStories(stories: readonly ReadStory[], gradual?: string): void
  /** Takes back the last change of choices, settings or stories, or a removal, and says which. */
  undo(): Promise<void>
  redo(): Promise<void>
  /** Tells the user something that goes away by itself. */
  notify(notice: string): void
  /** Begins: reads what is shipped and makes the engine ready. */
  open(): Promise<void>
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
