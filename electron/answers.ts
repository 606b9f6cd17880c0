/** What the main process does for the page, channel by channel. */
import { basename } from 'node:path'
import type { BrowserWindow, Dialog, FileFilter } from 'electron'
import { writeWhole } from '../node/whole-file'
import type { OpenFileRequest, SetMenuRequest, SetThemeRequest, StorageFacts, Versions } from './channels'
import type { Inbox } from './files/inbox'
import type { OpenedFiles } from './files/opened-files'
import type { RecentFiles } from './files/recent-files'
import type { Answers } from './ipc'
import type { Documents } from './storage/documents'
import type { OwnModels } from './storage/models'
import type { ChosenFolder } from './storage/models-folder'

/** The services that answers are made of. */
export interface Desk {
  readonly versions: Versions
  readonly storage: StorageFacts
  readonly documents: Documents
  readonly models: OwnModels
  readonly modelsFolder: ChosenFolder
  readonly files: OpenedFiles
  readonly recent: RecentFiles
  readonly inbox: Inbox<BrowserWindow>
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog'>
  readonly copyText: (text: string) => Promise<void>
  readonly setMenu: (window: BrowserWindow, menu: SetMenuRequest) => void
  readonly setTheme: (theme: SetThemeRequest['theme']) => void
  readonly openBeside: (window: BrowserWindow, fragment: string) => Promise<void>
  /** Notes what went wrong. */
  readonly note: (where: string, message: string) => void
  /** The report of a session that was cut off; null for none. */
  readonly takeCrash: () => string | null
}

export function createAnswers(desk: Desk): Answers<BrowserWindow> {
  const { documents, models, modelsFolder, files, recent, dialog } = desk

  return {
    versions: () => desk.versions,
    ready: (_request, window) => desk.inbox.listen(window),
    copyText: ({ text }) => desk.copyText(text),
    toggleFullScreen: (_request, window) => window.setFullScreen(!window.isFullScreen()),
    openWindow: ({ fragment }, window) => desk.openBeside(window, fragment),
    setMenu: (menu, window) => desk.setMenu(window, menu),
    setTheme: ({ theme }) => desk.setTheme(theme),

    openFile: async ({ kind }, window) => {
      const chosen = await dialog.showOpenDialog(window, { properties: ['openFile'], filters: filtersOf(kind) })
      const [path] = chosen.filePaths
      return chosen.canceled || path === undefined ? null : await files.open(path)
    },
    readFile: (request) => files.read(request),
    saveFile: async ({ name, kind, content }, window) => {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        defaultPath: fileNameOf(name),
        filters: filtersOf(kind),
        properties: ['createDirectory', 'showOverwriteConfirmation']
      })
      if (canceled || filePath === '') return null
      await writeWhole(filePath, content)
      await recent.add(filePath)
      return basename(filePath)
    },
    recentFiles: () => recent.list(),
    openRecent: ({ id }) => files.open(recent.pathOf(id)),
    clearRecent: () => recent.clear(),

    storage: () => desk.storage,
    recall: ({ name }) => documents.recall(name),
    store: ({ name, value }) => documents.store(name, value),
    setAside: ({ name }) => documents.setAside(name),

    ownModels: () => models.list(),
    readModelFile: ({ id, name }) => models.read(id, name),
    writeModelFile: ({ id, name, content }) => models.write(id, name, content),
    removeModel: ({ id }) => models.remove(id),
    modelsFolder: () => modelsFolder.now,
    chooseModelsFolder: async (_request, window) => {
      const chosen = await dialog.showOpenDialog(window, {
        defaultPath: modelsFolder.now.path,
        properties: ['openDirectory', 'createDirectory']
      })
      const [path] = chosen.filePaths
      return chosen.canceled || path === undefined ? null : await modelsFolder.choose(path)
    },
    resetModelsFolder: () => modelsFolder.reset(),

    reportCrash: ({ where, message, stack }) => desk.note(`page: ${where}`, stack ? `${message}\n${stack}` : message),
    lastCrash: () => desk.takeCrash()
  }
}

function filtersOf({ description, extensions }: OpenFileRequest['kind']): FileFilter[] {
  return [{ name: description, extensions }]
}

/** A proposed name as one that every system takes, and that names no other folder. */
function fileNameOf(name: string): string {
  return name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '-').replace(/^\.+/, '')
}
