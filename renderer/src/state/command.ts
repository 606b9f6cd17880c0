import type { App } from './app'
import type { AppState } from './app-state'

/** One thing that the user can do. Menu, palette, buttons, shortcuts and the help sheet derive from the list. */
export interface Command {
  readonly id: string
  readonly label: string
  /** Other words that it is looked for with. */
  readonly keywords: readonly string[]
  /**
   * Keys, the first of which is shown: the value of `KeyboardEvent.key`, for chords after `Mod+` (Ctrl, on a Mac Cmd)
   * and `Shift+`, e.g. `Mod+Shift+Z`.
   */
  readonly shortcuts?: readonly string[]
  enabled(state: AppState): boolean
  run(app: App): void | Promise<void>
}

/** The command of an id. Throws where the app has none of it. */
export function commandOf({ commands }: App, id: string): Command {
  const found = commands.find((each) => each.id === id)
  if (!found) throw new Error(`there is no command '${id}'`)
  return found
}
