import type { App } from '../state/app'
import type { AppState } from '../state/app-state'

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
