/** Answers of the main process, channel by channel. */
import { basename } from 'node:path'
import type { BrowserWindow, Dialog, FileFilter } from 'electron'
import { writeWhole } from '../node/whole-file'
import type { OpenFileRequest, SetMenuRequest, SetThemeRequest } from './channels'
import type { Inbox } from './files/inbox'
import type { Answers } from './ipc'
import type { Services } from './services'

/** Windows and dialogs that answers need. */
export interface Screen {
  readonly inbox: Inbox<BrowserWindow>
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox'>
  readonly copyText: (text: string) => Promise<void>
  readonly setMenu: (window: BrowserWindow, menu: SetMenuRequest) => void
  readonly setTheme: (theme: SetThemeRequest['theme']) => void
  readonly openBeside: (window: BrowserWindow, fragment: string) => Promise<void>
}

/** The answers to all channels. Each rejects with a sentence for the user. */
export function createAnswers(services: Services, screen: Screen): Answers<BrowserWindow> {
  const { documents, folders, modelsFolder, files, chosenFolders, queues, recent, log, lastSession, windowState } =
    services
  const { dialog } = screen
  return {
    versions: () => services.versions,
    ready: (_request, window) => screen.inbox.listen(window),
    copyText: ({ text }) => screen.copyText(text),
    toggleFullScreen: (_request, window) => window.setFullScreen(!window.isFullScreen()),
    openWindow: ({ fragment }, window) => screen.openBeside(window, fragment),
    setMenu: (menu, window) => screen.setMenu(window, menu),
    setTheme: ({ theme }) => {
      screen.setTheme(theme)
      if (theme !== windowState.value.theme) windowState.set({ ...windowState.value, theme }).catch(services.complain)
    },

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
    openFolder: async (_request, window) => {
      const chosen = await dialog.showOpenDialog(window, { properties: ['openDirectory'] })
      const [path] = chosen.filePaths
      return chosen.canceled || path === undefined ? null : chosenFolders.open(path)
    },
    openedFolderFiles: (request) => chosenFolders.files(request),
    openedFolderFile: (request) => chosenFolders.file(request),
    readOpenedFolderFile: (request) => chosenFolders.read(request),
    watchQueue: (request, window) =>
      queues.watch(request, async (name) => {
        // The page alone never has main reach out of this machine.
        const { response } = await dialog.showMessageBox(window, {
          type: 'question',
          message: `Connect to ${name}?`,
          detail:
            'Moescope only looks at the queue of this sweep there. User and password are kept until it is closed.',
          buttons: ['Connect', 'Cancel'],
          defaultId: 0,
          cancelId: 1
        })
        return response === 0
      }),
    queueState: ({ id }) => queues.state(id),
    leaveQueue: ({ id }) => queues.leave(id),
    recentFiles: () => recent.list(),
    openRecent: ({ id }) => files.open(recent.pathOf(id)),
    clearRecent: () => recent.clear(),

    storage: () => services.storage,
    recall: ({ name }) => documents.recall(name),
    store: ({ name, value }) => documents.store(name, value),
    setAside: ({ name }) => documents.setAside(name),

    folders: ({ place }) => folders[place].ids(),
    folderFiles: ({ place, id }) => folders[place].names(id),
    readFolderFile: ({ place, id, name }) => folders[place].read(id, name),
    writeFolderFile: ({ place, id, name, content }) => folders[place].write(id, name, content),
    removeFolderFile: ({ place, id, name }) => folders[place].removeFile(id, name),
    removeFolder: ({ place, id }) => folders[place].remove(id),
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

    reportCrash: ({ where, message, stack }) => log.note(`page: ${where}`, stack ? `${message}\n${stack}` : message),
    lastCrash: () => lastSession.take()
  }
}

function filtersOf({ description, extensions }: OpenFileRequest['kind']): FileFilter[] {
  return [{ name: description, extensions }]
}

/** A proposed name as one that every system takes, and that names no other folder. */
function fileNameOf(name: string): string {
  return name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '-').replace(/^\.+/, '')
}
