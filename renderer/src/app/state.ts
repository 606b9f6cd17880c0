import type { RecentFile } from '../host/host'

/** The sheet or palette that lies over the view. */
export type Overlay = 'palette' | 'settings' | 'help' | 'about' | 'add-to-story' | 'export-story'

/** The state of what surrounds the views. */
export interface ShellState {
  readonly overlay: Overlay | undefined
  /** Id of the run that the user is asked about before it is removed. */
  readonly removing: string | undefined
  /** Something that happened and that the user should know; it goes away by itself. */
  readonly notice: string | undefined
  /** Warnings, which stay until the user has seen to them. */
  readonly warnings: readonly string[]
  /** The report of a session that did not end by itself. */
  readonly crash: string | undefined
  /** Files that were opened or saved last, the latest first. */
  readonly recent: readonly RecentFile[]
  /** Of a second window: true while it shows what the first one shows. Undefined in a first window. */
  readonly following: boolean | undefined
  /** True where the choices can be a link. */
  readonly linkable: boolean
  /** True when there is a comparison to continue from the last time. */
  readonly continuable: boolean
}

/** Before anything happened. */
export const initialShell: ShellState = {
  overlay: undefined,
  removing: undefined,
  notice: undefined,
  warnings: [],
  crash: undefined,
  recent: [],
  following: undefined,
  linkable: false,
  continuable: false
}
