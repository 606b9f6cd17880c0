/** The surroundings of the app in a test: a browser, the Electron double, or Electron itself. All have the same members. */
import type { Page } from '@playwright/test'
import type { ExpectedDialog, ShownDialog } from '../electron-double/dialog'

export type HostName = 'browser' | 'double' | 'electron'

/** Choices for opening the app. */
export interface Opening {
  /** The choices, as in a link. */
  readonly link?: Readonly<Record<string, string>>
}

/** The app on a machine of its own. What it keeps lasts as long as the host, however often the app is opened. */
export interface Host {
  readonly name: HostName
  /** Starts the app and resolves with its page. */
  open(opening?: Opening): Promise<Page>
  /** Ends the app as its user does. */
  close(): Promise<void>
  /** Ends the app at once, without asking or telling it. */
  kill(): Promise<void>
  /** The user will choose this file when the app next asks for one; null cancels. */
  chooseToOpen(path: string | null): Promise<void>
  /** The user will save the app's next file here; null cancels. */
  chooseToSave(path: string | null): Promise<void>
  /** Errors and warnings of pages and of the main process since the host was made. */
  problems(): readonly string[]
  /** Ends everything and removes what was kept. */
  dispose(): Promise<void>
}

/** Choices for starting a desktop app. */
export interface DesktopOpening extends Opening {
  /** Words of the command line after the program and the app. */
  readonly args?: readonly string[]
}

/** The module electron as the main process has it. */
export type Electron = typeof import('electron')

/** A host with a main process. */
export interface DesktopHost extends Host {
  readonly name: 'double' | 'electron'
  /** The folder in which the app is told to keep its data. */
  readonly userData: string
  open(opening?: DesktopOpening): Promise<Page>
  /** The pages of its windows, in the order they were opened; none before it is open. */
  pages(): readonly Page[]
  /** Runs a function in the main process; it sees nothing of where it was written but its argument. */
  inMain<Result, Argument>(
    act: (electron: Electron, argument: Argument) => Result | Promise<Result>,
    argument: Argument
  ): Promise<Result>
  /** A dialog that will come, and its answer. */
  expectDialog(dialog: ExpectedDialog): Promise<void>
  /** The dialogs that came. */
  shownDialogs(): Promise<readonly ShownDialog[]>
  /** Starts the app once more with the same data; resolves with the exit status. */
  startSecond(args: readonly string[], cwd: string): Promise<number | null>
  /** Resolves with the exit status once the app has ended. */
  exited(): Promise<number | null>
}
