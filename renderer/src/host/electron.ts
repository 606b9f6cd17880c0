import type {
  ChosenFolderEntry,
  FolderFileEntry,
  FolderPlace,
  MoescopeApi,
  OpenedFileEntry
} from '../../../electron/channels'
import { holdByLock } from './held-runs'
import { type Folders, type Host, type OpenedFile, type OpenedFolder, openedFile } from './host'
import { shippedFiles } from './shipped-files'

/** Bytes that are asked for at a time. */
const part = 32 * 1024 * 1024

type ReadRange = (range: { readonly start: number; readonly end: number }) => Promise<Uint8Array<ArrayBuffer>>

/** The desktop app: what it needs is done by the main process. */
export function createElectronHost(api: MoescopeApi): Host {
  const readable = ({ name, size }: FolderFileEntry, read: ReadRange): OpenedFile => ({
    name,
    size,
    bytes: async (start = 0, end = size) => {
      if (end - start <= part) return read({ start, end })
      const whole = new Uint8Array(end - start)
      for (let at = start; at < end; at += part) {
        whole.set(await read({ start: at, end: Math.min(end, at + part) }), at - start)
      }
      return whole
    }
  })
  const file = (entry: OpenedFileEntry) => readable(entry, (range) => api.readFile({ id: entry.id, ...range }))
  const openedFolder = ({ id, name }: ChosenFolderEntry): OpenedFolder => {
    const fileAt = (entry: FolderFileEntry, path: string) =>
      readable(entry, (range) => api.readOpenedFolderFile({ id, path, ...range }))
    return {
      name,
      isLive: true,
      files: async (path) => {
        const found = await api.openedFolderFiles(path === undefined ? { id } : { id, path })
        return found.map((entry) => fileAt(entry, path === undefined ? entry.name : `${path}/${entry.name}`))
      },
      file: async (path) => {
        const entry = await api.openedFolderFile({ id, path })
        return entry ? fileAt(entry, path) : undefined
      }
    }
  }
  const folders = (place: FolderPlace): Folders => ({
    ids: () => api.folders({ place }),
    files: (id) => ({
      names: () => api.folderFiles({ place, id }),
      read: async (name) => (await api.readFolderFile({ place, id, name })) ?? undefined,
      write: (name, content) => api.writeFolderFile({ place, id, name, content: new Uint8Array(content) }),
      remove: (name) => api.removeFolderFile({ place, id, name })
    }),
    remove: (id) => api.removeFolder({ place, id })
  })
  return {
    ...shippedFiles(),
    versions: () => api.versions(),

    openFile: async (kind) => {
      const opened = await api.openFile({ kind })
      return opened ? file(opened) : undefined
    },
    openFolder: async () => {
      const chosen = await api.openFolder()
      return chosen ? openedFolder(chosen) : undefined
    },
    watchQueue: async (request) => {
      const watched = await api.watchQueue(request)
      if (!watched) return undefined
      const { id, name } = watched
      return { name, state: () => api.queueState({ id }), close: () => api.leaveQueue({ id }) }
    },
    // Read by the page alone: a path that the page sends is never opened, so this one is no recent file either.
    droppedFile: async (item) => {
      const dropped = item.getAsFile()
      return dropped ? openedFile(dropped) : undefined
    },
    saveFile: async (name, kind, content) => (await api.saveFile({ name, kind, content })) ?? undefined,
    recentFiles: () => api.recentFiles(),
    openRecent: async (id) => file(await api.openRecent({ id })),
    clearRecent: () => api.clearRecent(),
    onFileOpened: (listener) => {
      api.onFileOpened((opened) => listener(file(opened)))
      void api.ready().then((opened) => opened.forEach((each) => listener(file(each))))
    },

    storage: () => api.storage(),
    recall: (name) => api.recall({ name }),
    store: async (name, value) => api.store({ name, value: JSON.parse(JSON.stringify(value)) }),
    setAside: (name) => api.setAside({ name }),

    models: folders('models'),
    runs: folders('runs'),
    hold: holdByLock,
    modelsFolder: () => api.modelsFolder(),
    modelsFolderChoice: {
      choose: async () => (await api.chooseModelsFolder()) ?? api.modelsFolder(),
      reset: () => api.resetModelsFolder()
    },

    copyText: (text) => api.copyText({ text }),
    linkTo: () => undefined,
    toggleFullScreen: () => api.toggleFullScreen(),
    openWindow: (fragment) => api.openWindow({ fragment }),
    setMenu: (sections) => void api.setMenu({ sections: [...sections] }),
    onCommand: (listener) => api.onCommand(listener),
    setTheme: (theme) => void api.setTheme({ theme }),

    reportCrash: (report) => api.reportCrash(report),
    lastCrash: () => api.lastCrash()
  }
}
