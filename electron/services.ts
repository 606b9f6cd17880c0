/** Everything of the main process that keeps something, put together on one folder. It knows no window. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { reasonOf } from '../node/reason'
import type { FolderPlace, StorageFacts, Versions } from './channels'
import { type CrashLog, createCrashLog } from './crash/crash-log'
import { createLastSession, type LastSession } from './crash/last-session'
import { type ChosenFolders, createChosenFolders } from './files/chosen-folders'
import { createOpenedFiles, type OpenedFiles } from './files/opened-files'
import { createRecentFiles, type RecentFiles, type SystemRecents } from './files/recent-files'
import { createQueues, type Queues } from './queues'
import { createDocuments, type Documents } from './storage/documents'
import { createFolders, type Folders } from './storage/folders'
import { type Kept, keepIn } from './storage/kept'
import { type ChosenFolder, createModelsFolder } from './storage/models-folder'
import { createTurns, type Turns } from './storage/turns'
import { createWindowState, type WindowState } from './windows/window-state'

/** Storage and services of one session. */
export interface Services {
  readonly versions: Versions
  readonly storage: StorageFacts
  readonly log: CrashLog
  readonly lastSession: LastSession
  readonly turns: Turns
  readonly documents: Documents
  readonly folders: Readonly<Record<FolderPlace, Folders>>
  readonly modelsFolder: ChosenFolder
  readonly recent: RecentFiles
  readonly files: OpenedFiles
  readonly chosenFolders: ChosenFolders
  readonly queues: Queues
  readonly windowState: Kept<WindowState>
  /** Notes that something could not be kept, when nobody waits for it. */
  readonly complain: (error: unknown) => void
}

/** Begins a session in a folder: whatever a session before it kept there is there again. */
export function createServices(storage: StorageFacts, versions: Versions, system: SystemRecents): Services {
  const { folder, problem } = storage
  const id = randomUUID()
  const log = createCrashLog(folder, id)
  const complain = (error: unknown) => log.note('storage', reasonOf(error))
  if (problem !== null) complain(problem)
  const lastSession = createLastSession(folder, { id, started: new Date().toISOString(), versions }, log)
  const turns = createTurns()
  const keep = keepIn(folder, turns, complain)
  const modelsFolder = createModelsFolder(keep, folder)
  const recent = createRecentFiles(keep, system, complain)
  return {
    versions,
    storage,
    log,
    lastSession,
    turns,
    documents: createDocuments(folder, turns),
    folders: {
      models: createFolders('model', () => modelsFolder.now, turns),
      runs: createFolders('run', () => ({ path: join(folder, 'runs'), chosen: false }), turns)
    },
    modelsFolder,
    recent,
    files: createOpenedFiles(recent.add),
    chosenFolders: createChosenFolders(),
    queues: createQueues(),
    windowState: createWindowState(keep),
    complain
  }
}
