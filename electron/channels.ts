/** Every channel between the page and the main process, with the schemas of what the page may ask. */
import { z } from 'zod'

/** Calls from the page that the main process answers. */
export const channels = {
  versions: 'app:versions',
  ready: 'app:ready',
  copyText: 'app:copy-text',
  toggleFullScreen: 'app:toggle-full-screen',
  openWindow: 'app:open-window',
  setMenu: 'app:set-menu',
  setTheme: 'app:set-theme',
  openFile: 'file:open',
  readFile: 'file:read',
  saveFile: 'file:save',
  openFolder: 'opened-folder:open',
  openedFolderFiles: 'opened-folder:files',
  openedFolderFile: 'opened-folder:file',
  readOpenedFolderFile: 'opened-folder:read',
  watchQueue: 'queue:watch',
  queueState: 'queue:state',
  leaveQueue: 'queue:leave',
  recentFiles: 'file:recent',
  openRecent: 'file:open-recent',
  clearRecent: 'file:clear-recent',
  storage: 'document:storage',
  recall: 'document:recall',
  store: 'document:store',
  setAside: 'document:set-aside',
  folders: 'folder:list',
  folderFiles: 'folder:files',
  readFolderFile: 'folder:read',
  writeFolderFile: 'folder:write',
  removeFolderFile: 'folder:remove-file',
  removeFolder: 'folder:remove',
  modelsFolder: 'model:folder',
  chooseModelsFolder: 'model:choose-folder',
  resetModelsFolder: 'model:reset-folder',
  reportCrash: 'crash:report',
  lastCrash: 'crash:last'
} as const

/** Messages from the main process to the page. */
export const events = {
  /** A file was opened from outside: by its association, the command line, a second start or the menu. */
  fileOpened: 'event:file-opened',
  /** A menu entry was chosen. */
  command: 'event:command'
} as const

/** Most bytes of one read: larger files are read in parts. */
export const maxBytesPerRead = 64 * 1024 * 1024

const fileExtension = z
  .string()
  .max(16)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)

/** Filter of a file dialog: the kind of file in words, and its extensions without the dot. */
const fileKind = z.strictObject({
  description: z.string().min(1).max(80),
  extensions: z.array(fileExtension).min(1).max(16)
})

const bytes = z.instanceof(Uint8Array)

/** The address of a second window: what is chosen, as in a link, without '#'. */
export const openWindowRequest = z.strictObject({ fragment: z.string().max(20_000) })
export type OpenWindowRequest = z.infer<typeof openWindowRequest>

export const copyTextRequest = z.strictObject({ text: z.string().max(10_000_000) })
export type CopyTextRequest = z.infer<typeof copyTextRequest>

export const setThemeRequest = z.strictObject({ theme: z.enum(['system', 'light', 'dark']) })
export type SetThemeRequest = z.infer<typeof setThemeRequest>

const menuEntry = z.strictObject({
  /** Id of the command that the entry runs. */
  command: z.string().regex(/^[a-z0-9-]{1,64}$/),
  label: z.string().min(1).max(120),
  /** As Electron writes it, e.g. `CmdOrCtrl+K`. The page listens for it itself: it is shown, not registered. */
  accelerator: z
    .string()
    .regex(/^[A-Za-z0-9+,?=./-]{1,40}$/)
    .optional(),
  enabled: z.boolean()
})

/** The menu of the page's commands; the system's own entries (clipboard, window, quit) are added to it. */
export const setMenuRequest = z.strictObject({
  sections: z
    .array(
      z.strictObject({
        label: z.string().min(1).max(40),
        /** Entries in groups, which lines part. */
        groups: z.array(z.array(menuEntry).max(60)).max(12)
      })
    )
    .max(12)
})
export type SetMenuRequest = z.infer<typeof setMenuRequest>

/** The kind of file that the user is to choose. */
export const openFileRequest = z.strictObject({ kind: fileKind })
export type OpenFileRequest = z.infer<typeof openFileRequest>

/** Bytes `start` to `end` (exclusive) of a file that was opened, by the id it was given. */
export const readFileRequest = z
  .strictObject({ id: z.uuid(), start: z.int().nonnegative(), end: z.int().nonnegative() })
  .refine(({ start, end }) => end >= start && end - start <= maxBytesPerRead, 'expected at most 64 MiB at a time')
export type ReadFileRequest = z.infer<typeof readFileRequest>

/** Names of folders and a file, which lead downwards from a folder that the user chose. */
const pathWithin = z
  .string()
  .max(500)
  .regex(/^(?!\.)[^/\\:\p{Cc}]+(?:\/(?!\.)[^/\\:\p{Cc}]+){0,7}$/u)

/** A folder that the user chose, or one within. */
export const chosenFolderRequest = z.strictObject({ id: z.uuid(), path: pathWithin.optional() })
export type ChosenFolderRequest = z.infer<typeof chosenFolderRequest>

export const chosenFolderFileRequest = z.strictObject({ id: z.uuid(), path: pathWithin })
export type ChosenFolderFileRequest = z.infer<typeof chosenFolderFileRequest>

export const readChosenFolderFileRequest = z
  .strictObject({ id: z.uuid(), path: pathWithin, start: z.int().nonnegative(), end: z.int().nonnegative() })
  .refine(({ start, end }) => end >= start && end - start <= maxBytesPerRead, 'expected at most 64 MiB at a time')
export type ReadChosenFolderFileRequest = z.infer<typeof readChosenFolderFileRequest>

/** The queue of a sweep, by the id in the sweep's `store.json`, at an address with or without user and password. */
export const watchQueueRequest = z.strictObject({
  sweep: z.uuid(),
  url: z.string().min(1).max(2000),
  password: z.string().max(1000)
})
export type WatchQueueRequest = z.infer<typeof watchQueueRequest>

/** A queue that is looked at, by the id it was given. */
export const queueRequest = z.strictObject({ id: z.uuid() })
export type QueueRequest = z.infer<typeof queueRequest>

/** A file to be saved where the user says; `name` is only the proposal. */
export const saveFileRequest = z.strictObject({
  name: z.string().min(1).max(200),
  kind: fileKind,
  content: z.union([z.string(), bytes])
})
export type SaveFileRequest = z.infer<typeof saveFileRequest>

/** A file of the list of recent ones, by the id it has there: a path that the page sends is never opened. */
export const openRecentRequest = z.strictObject({ id: z.uuid() })
export type OpenRecentRequest = z.infer<typeof openRecentRequest>

/** Documents kept between two starts, one JSON document each. */
export const documentName = z.enum(['settings', 'state'])
export type DocumentName = z.infer<typeof documentName>

export const recallRequest = z.strictObject({ name: documentName })
export type RecallRequest = z.infer<typeof recallRequest>

export const storeRequest = z.strictObject({ name: documentName, value: z.json() })
export type StoreRequest = z.infer<typeof storeRequest>

/** The user's folder for models and their trainings, or the app's own, for every other run. */
export const folderPlace = z.enum(['models', 'runs'])
export type FolderPlace = z.infer<typeof folderPlace>

/** Folder name of a model or a run; not one of the names that Windows keeps for its devices. */
export const folderId = z.string().regex(/^(?!(con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9][a-z0-9-]{0,63}$/)

/** A file of a model or a run, at most three folders deep: `checkpoints/step-61/model.safetensors`. */
export const folderFileName = z
  .string()
  .regex(
    /^(?:(?!(?:con|prn|aux|nul|com\d|lpt\d)\b)[a-z0-9][a-z0-9_-]{0,63}\/){0,3}(?!(?:con|prn|aux|nul|com\d|lpt\d)\b)[a-z0-9][a-z0-9_-]{0,63}\.(?:json|jsonl|safetensors|txt)$/
  )

export const foldersRequest = z.strictObject({ place: folderPlace })
export type FoldersRequest = z.infer<typeof foldersRequest>

export const folderRequest = z.strictObject({ place: folderPlace, id: folderId })
export type FolderRequest = z.infer<typeof folderRequest>

export const folderFileRequest = z.strictObject({ place: folderPlace, id: folderId, name: folderFileName })
export type FolderFileRequest = z.infer<typeof folderFileRequest>

export const writeFolderFileRequest = folderFileRequest.extend({ content: bytes })
export type WriteFolderFileRequest = z.infer<typeof writeFolderFileRequest>

/** Something that went wrong in the page, for the crash log. */
export const reportCrashRequest = z.strictObject({
  where: z.string().min(1).max(100),
  message: z.string().max(10_000),
  stack: z.string().max(40_000).optional()
})
export type ReportCrashRequest = z.infer<typeof reportCrashRequest>

/** Versions by component, e.g. `{app: '0.1.0', electron: '45.4.1', chromium: …, node: …, system: …}`. */
export type Versions = Readonly<Record<string, string>>

/** A file that the user opened; it is read by its id. */
export interface OpenedFileEntry {
  readonly id: string
  readonly name: string
  /** Bytes. */
  readonly size: number
}

/** A folder that the user chose; it is read by its id. */
export interface ChosenFolderEntry {
  readonly id: string
  readonly name: string
}

/** A file of such a folder. */
export interface FolderFileEntry {
  readonly name: string
  /** Bytes. */
  readonly size: number
}

/** A queue that the user let the app connect to. */
export interface WatchedQueueEntry {
  readonly id: string
  /** Its address, without user and password. */
  readonly name: string
}

/** The runs of a sweep that a queue still has: see `QueueState` in node/queue/watch.ts. */
export interface QueueStateEntry {
  readonly waiting: number
  readonly computing: readonly { readonly id: string; readonly worker: string | null; readonly done: number }[]
  readonly failed: number
  readonly workers: readonly string[]
}

export interface RecentFileEntry {
  readonly id: string
  readonly name: string
  /** The folder it lies in, to tell files of the same name apart. */
  readonly folder: string
  /** When it was last opened, ms since 1970. */
  readonly opened: number
}

/** A document as it was found: its value, or where a damaged one was set aside and why; null for none. */
export type RecalledDocument =
  | { readonly value: unknown }
  | { readonly damaged: string; readonly setAside: string }
  | null

/** Folder of the documents. */
export interface StorageFacts {
  readonly folder: string
  /** Reason for which nothing is kept beyond this session; null when it is. */
  readonly problem: string | null
}

export interface ModelsFolder {
  readonly path: string
  /** True when the user chose it; else it is the app's own. */
  readonly chosen: boolean
}

/** The preload script's `window.moescope`. Every call rejects with a sentence for the user. */
export interface MoescopeApi {
  versions(): Promise<Versions>
  /** The page listens from now on; answers the files that were opened before. */
  ready(): Promise<readonly OpenedFileEntry[]>
  copyText(request: CopyTextRequest): Promise<void>
  toggleFullScreen(): Promise<void>
  /** Opens a second window with this address, on another display where there is one. */
  openWindow(request: OpenWindowRequest): Promise<void>
  setMenu(request: SetMenuRequest): Promise<void>
  /** The theme of what the system draws. */
  setTheme(request: SetThemeRequest): Promise<void>
  /** The file that the user chooses; null if they cancelled. */
  openFile(request: OpenFileRequest): Promise<OpenedFileEntry | null>
  readFile(request: ReadFileRequest): Promise<Uint8Array<ArrayBuffer>>
  /** Saves a file where the user says; its name, or null if they cancelled. */
  saveFile(request: SaveFileRequest): Promise<string | null>
  /** The folder that the user chooses; null if they cancelled. */
  openFolder(): Promise<ChosenFolderEntry | null>
  openedFolderFiles(request: ChosenFolderRequest): Promise<readonly FolderFileEntry[]>
  /** Null where there is no such file. */
  openedFolderFile(request: ChosenFolderFileRequest): Promise<FolderFileEntry | null>
  readOpenedFolderFile(request: ReadChosenFolderFileRequest): Promise<Uint8Array<ArrayBuffer>>
  /** Connects to a queue once the user has agreed; null if they did not. One is looked at at a time, and never written to. */
  watchQueue(request: WatchQueueRequest): Promise<WatchedQueueEntry | null>
  queueState(request: QueueRequest): Promise<QueueStateEntry>
  leaveQueue(request: QueueRequest): Promise<void>
  /** The files that were opened or saved last, the latest first. */
  recentFiles(): Promise<readonly RecentFileEntry[]>
  openRecent(request: OpenRecentRequest): Promise<OpenedFileEntry>
  clearRecent(): Promise<void>
  storage(): Promise<StorageFacts>
  recall(request: RecallRequest): Promise<RecalledDocument>
  store(request: StoreRequest): Promise<void>
  /** Moves a document aside that the page cannot use; where it went. */
  setAside(request: RecallRequest): Promise<string>
  /** Ids of the folders that hold files, sorted. */
  folders(request: FoldersRequest): Promise<readonly string[]>
  /** Names of the files of a folder, sorted; none where there is no such folder. */
  folderFiles(request: FolderRequest): Promise<readonly string[]>
  /** Null where there is no such file. */
  readFolderFile(request: FolderFileRequest): Promise<Uint8Array<ArrayBuffer> | null>
  /** Writes a file whole or not at all. */
  writeFolderFile(request: WriteFolderFileRequest): Promise<void>
  /** Removes a file, where there is one. */
  removeFolderFile(request: FolderFileRequest): Promise<void>
  removeFolder(request: FolderRequest): Promise<void>
  modelsFolder(): Promise<ModelsFolder>
  /** The folder that the user chooses for models; null if they cancelled. */
  chooseModelsFolder(): Promise<ModelsFolder | null>
  resetModelsFolder(): Promise<ModelsFolder>
  reportCrash(request: ReportCrashRequest): Promise<void>
  /** The report of a session that did not end by itself; null if the last one did. It is told once. */
  lastCrash(): Promise<string | null>
  /** Calls back with files that are opened from outside. */
  onFileOpened(listener: (file: OpenedFileEntry) => void): void
  /** Calls back with the command of a menu entry. */
  onCommand(listener: (command: string) => void): void
}
