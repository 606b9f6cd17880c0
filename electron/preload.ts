import { contextBridge, ipcRenderer } from 'electron'
import { channels, events, type MoescopeApi } from './channels'
import { sentenceOf } from './sentence'

const api: MoescopeApi = {
  versions: () => ask(channels.versions),
  ready: () => ask(channels.ready),
  copyText: (request) => ask(channels.copyText, request),
  toggleFullScreen: () => ask(channels.toggleFullScreen),
  openWindow: (request) => ask(channels.openWindow, request),
  setMenu: (request) => ask(channels.setMenu, request),
  setTheme: (request) => ask(channels.setTheme, request),
  openFile: (request) => ask(channels.openFile, request),
  readFile: (request) => ask(channels.readFile, request),
  saveFile: (request) => ask(channels.saveFile, request),
  openFolder: () => ask(channels.openFolder),
  openedFolderFiles: (request) => ask(channels.openedFolderFiles, request),
  openedFolderFile: (request) => ask(channels.openedFolderFile, request),
  readOpenedFolderFile: (request) => ask(channels.readOpenedFolderFile, request),
  watchQueue: (request) => ask(channels.watchQueue, request),
  queueState: (request) => ask(channels.queueState, request),
  leaveQueue: (request) => ask(channels.leaveQueue, request),
  recentFiles: () => ask(channels.recentFiles),
  openRecent: (request) => ask(channels.openRecent, request),
  clearRecent: () => ask(channels.clearRecent),
  storage: () => ask(channels.storage),
  recall: (request) => ask(channels.recall, request),
  store: (request) => ask(channels.store, request),
  setAside: (request) => ask(channels.setAside, request),
  folders: (request) => ask(channels.folders, request),
  folderFiles: (request) => ask(channels.folderFiles, request),
  readFolderFile: (request) => ask(channels.readFolderFile, request),
  writeFolderFile: (request) => ask(channels.writeFolderFile, request),
  removeFolderFile: (request) => ask(channels.removeFolderFile, request),
  removeFolder: (request) => ask(channels.removeFolder, request),
  modelsFolder: () => ask(channels.modelsFolder),
  chooseModelsFolder: () => ask(channels.chooseModelsFolder),
  resetModelsFolder: () => ask(channels.resetModelsFolder),
  reportCrash: (request) => ask(channels.reportCrash, request),
  lastCrash: () => ask(channels.lastCrash),
  // Electron's event object stays here: it would give the page more than what was sent.
  onFileOpened: (listener) => void ipcRenderer.on(events.fileOpened, (_event, file) => listener(file)),
  onCommand: (listener) => void ipcRenderer.on(events.command, (_event, command) => listener(command))
}

contextBridge.exposeInMainWorld('moescope', api)

/** The answer of the main process, which checks the request and answers what the contract says. */
async function ask<T>(channel: string, request?: unknown): Promise<T> {
  try {
    return await (request === undefined ? ipcRenderer.invoke(channel) : ipcRenderer.invoke(channel, request))
  } catch (error) {
    throw new Error(sentenceOf(error), { cause: error })
  }
}
