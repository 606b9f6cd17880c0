import type { ModelIndex } from '@core/formats/model-index'
import type { RunStore } from '@core/lab/store'

/** A file that the user opened; it is read in parts, because a trace may be larger than memory. */
export interface OpenedFile {
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Bytes `start` to `end` (exclusive); the whole by default. Rejects when the file is gone or cannot be read. */
  bytes(start?: number, end?: number): Promise<Uint8Array<ArrayBuffer>>
}

/** A folder that the user opened; it is only read. Paths have `/` between their parts, and begin in the folder. */
export interface OpenedFolder {
  readonly name: string
  /** True where what others write into it later is seen. */
  readonly isLive: boolean
  /** The files that lie in the folder itself, or in one within; none where there is no such folder. */
  files(path?: string): Promise<readonly OpenedFile[]>
  /** A file as it is now; undefined where there is none. */
  file(path: string): Promise<OpenedFile | undefined>
}

/** The runs of a sweep that a queue still has. */
export interface QueueState {
  readonly waiting: number
  /** Runs that are computed now, at most 200, by whom, and the share that is done. */
  readonly computing: readonly { readonly id: string; readonly worker: string | null; readonly done: number }[]
  readonly failed: number
  readonly workers: readonly string[]
}

/** A queue that is looked at, and never written to. */
export interface WatchedQueue {
  /** Its address, without user and password. */
  readonly name: string
  /** Rejects while the server does not answer. */
  state(): Promise<QueueState>
  close(): Promise<void>
}

export interface FileKind {
  /** In words, for a dialog. */
  readonly description: string
  /** Without the dot. */
  readonly extensions: string[]
}

/** A file that was opened or saved before, by an id that opens it again. */
export interface RecentFile {
  readonly id: string
  readonly name: string
  /** Folder, if known, to tell files of the same name apart. */
  readonly folder: string
  /** When it was last opened, ms since 1970. */
  readonly opened: number
}

/** Documents kept between two starts, one JSON value each. */
export type DocumentName = 'settings' | 'state'

/** A document as it was found: its value, or why it is damaged and where it was set aside; null for none. */
export type RecalledDocument =
  | { readonly value: unknown }
  | { readonly damaged: string; readonly setAside: string }
  | null

export interface StorageFacts {
  /** Place of the documents, in words or as a path. */
  readonly folder: string
  /** Reason for which nothing is kept beyond this session; null when it is. */
  readonly problem: string | null
}

/** Folders of files, by id. */
export type Folders = Omit<RunStore, 'hold'>

export interface ModelsFolder {
  readonly path: string
  /** True when the user chose it; else it is the app's own. */
  readonly chosen: boolean
}

/** The commands as a menu: sections of groups of entries. */
export interface MenuSection {
  readonly label: string
  readonly groups: MenuEntry[][]
}

export interface MenuEntry {
  /** Id of the command. */
  readonly command: string
  readonly label: string
  /** As Electron writes it, e.g. `CmdOrCtrl+K`. */
  readonly accelerator?: string
  readonly enabled: boolean
}

export interface CrashReport {
  /** Part of the app. */
  readonly where: string
  readonly message: string
  readonly stack?: string
}

/** The app's environment: Electron, a browser or memory. Nothing else in the renderer knows which. */
export interface Host {
  /** Versions of the app and of what it runs on, by component. */
  versions(): Promise<Readonly<Record<string, string>>>

  /** The ids of the shipped models with the paths of all their training reports, below `models/`. */
  modelIndex(): Promise<ModelIndex>
  /** Bytes of a file below `models/`. Rejects when it cannot be read. */
  readShippedFile(path: string): Promise<Uint8Array<ArrayBuffer>>

  /** The real architectures as they ship (`architectures.json`), parsed. Rejects when they cannot be read. */
  architectures(): Promise<unknown>

  /** Bytes of a built-in story's file, by its id. Rejects when it cannot be read. */
  readStory(id: string): Promise<Uint8Array<ArrayBuffer>>

  /** The page that plays a story by itself, as it was built, without one. Rejects when it cannot be read. */
  storyPlayer(): Promise<string>

  /** The file that the user chooses; undefined when they cancelled. */
  openFile(kind: FileKind): Promise<OpenedFile | undefined>
  /** The folder that the user chooses; undefined when they cancelled. */
  openFolder(): Promise<OpenedFolder | undefined>
  /**
   * Looks at the queue of a sweep, by the id of its `store.json`; undefined when the user would not connect. Undefined where
   * no server can be spoken to.
   */
  readonly watchQueue:
    | ((queue: { sweep: string; url: string; password: string }) => Promise<WatchedQueue | undefined>)
    | undefined
  /** The file that was dropped on the window; undefined for something else, as a text or a folder. */
  droppedFile(item: DataTransferItem): Promise<OpenedFile | undefined>
  /** Saves a file where the user says; its name, or undefined when they cancelled. */
  saveFile(name: string, kind: FileKind, content: string | Uint8Array<ArrayBuffer>): Promise<string | undefined>
  /** The latest first. */
  recentFiles(): Promise<readonly RecentFile[]>
  openRecent(id: string): Promise<OpenedFile>
  clearRecent(): Promise<void>
  /** Calls back with files that are opened from outside of the page, those of the start first. */
  onFileOpened(listener: (file: OpenedFile) => void): void

  storage(): Promise<StorageFacts>
  recall(name: DocumentName): Promise<RecalledDocument>
  /** Keeps a value whole or not at all; rejects when it cannot be kept. */
  store(name: DocumentName, value: unknown): Promise<void>
  /** Moves a document away that the app cannot use; where it is now. */
  setAside(name: DocumentName): Promise<string>

  /** The models that were trained here, each an ordinary checkpoint folder with what belongs to its training. */
  readonly models: Folders
  /** The files of all other runs. */
  readonly runs: Folders
  /** Holds a run, so that no other window computes it; see `RunStore.hold`. */
  hold(id: string): ReturnType<RunStore['hold']>
  /** Folder of the models that are trained here. */
  modelsFolder(): Promise<ModelsFolder>
  /** Has the user choose another folder, or goes back to the app's own; undefined where there is no choice. */
  readonly modelsFolderChoice: { choose(): Promise<ModelsFolder>; reset(): Promise<ModelsFolder> } | undefined

  copyText(text: string): Promise<void>
  /** A link that opens the app with these choices anywhere; undefined where there is no such thing. */
  linkTo(fragment: string): string | undefined
  toggleFullScreen(): Promise<void>
  /** Opens a second window with these choices, on another display where there is one. */
  openWindow(fragment: string): Promise<void>
  /** The menu of the window, where it has one. */
  setMenu(sections: readonly MenuSection[]): void
  /** Calls back with the command of a menu entry. */
  onCommand(listener: (command: string) => void): void
  /** The theme of what the system draws. */
  setTheme(theme: 'system' | 'light' | 'dark'): void

  /** Keeps a report of something that went wrong in the page. */
  reportCrash(report: CrashReport): Promise<void>
  /** The report of a session that did not end by itself; null if the last one did. It is told once. */
  lastCrash(): Promise<string | null>
}

/** The text of a file. */
export async function textOf(file: OpenedFile): Promise<string> {
  return new TextDecoder('utf-8', { fatal: true }).decode(await file.bytes())
}

/** A file that the page itself holds. */
export function openedFile(file: File): OpenedFile {
  return {
    name: file.name,
    size: file.size,
    bytes: async (start = 0, end = file.size) => new Uint8Array(await file.slice(start, end).arrayBuffer())
  }
}
