import { type ModelIndex, readModelIndex } from '@core/formats/model-index'
import { createMemoryStore } from '@core/lab/memory-store'
import { type FileKind, type Host, type MenuSection, type OpenedFile, type OpenedFolder, openedFile } from './host'

export interface MemoryHost extends Host {
  /** Saved contents by proposed name. */
  readonly saved: Map<string, string | Uint8Array>
  /** Documents by name. */
  readonly documents: Map<string, unknown>
  /** The file that the user chooses next. */
  chosen: OpenedFile | undefined
  /** The folder that the user chooses next. */
  chosenFolder: OpenedFolder | undefined
  copied: string
  menu: readonly MenuSection[]
  /** Opens a file from outside of the page. */
  open(file: OpenedFile): void
  /** Reason for which nothing is kept; null keeps. */
  problem: string | null
  /** Content of the gallery of architectures. */
  gallery: unknown
}

/** A host for tests: model files from a map of paths below `models/`, nothing leaves memory. */
export function createMemoryHost(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map()): MemoryHost {
  const models = createMemoryStore()
  const recent = new Map<string, OpenedFile>()
  let onFile: (file: OpenedFile) => void = () => undefined
  const readShippedFile: Host['readShippedFile'] = async (path) => {
    const bytes = files.get(path)
    if (!bytes) throw new Error(`models/${path}: expected a file, found none`)
    return bytes
  }
  const remembered = (file: OpenedFile) => {
    recent.set(file.name, file)
    return file
  }
  const host: MemoryHost = {
    saved: new Map(),
    documents: new Map(),
    chosen: undefined,
    chosenFolder: undefined,
    copied: '',
    menu: [],
    problem: null,
    gallery: undefined,
    open: (file) => onFile(file),

    versions: async () => ({ app: '0.0.0' }),
    readShippedFile,
    modelIndex: async (): Promise<ModelIndex> => readModelIndex(await readShippedFile('index.json')),

    architectures: async () => host.gallery,
    readStory: (id) => readShippedFile(`../stories/${id}.moescope-story`),

    storyPlayer: async () => new TextDecoder().decode(await readShippedFile('../story-player.html')),

    openFile: async () => host.chosen && remembered(host.chosen),
    openFolder: async () => host.chosenFolder,
    watchQueue: undefined,
    droppedFile: async (item) => {
      const file = item.getAsFile()
      return file ? openedFile(file) : undefined
    },
    saveFile: async (name: string, _kind: FileKind, content) => {
      host.saved.set(name, content)
      return name
    },
    recentFiles: async () => [...recent.keys()].reverse().map((name) => ({ id: name, name, folder: '', opened: 0 })),
    openRecent: async (id) => {
      const file = recent.get(id)
      if (!file) throw new Error('it is not among the recent files any more')
      return file
    },
    clearRecent: async () => recent.clear(),
    onFileOpened: (listener) => {
      onFile = listener
    },

    storage: async () => ({ folder: 'memory', problem: host.problem }),
    recall: async (name) => (host.documents.has(name) ? { value: structuredClone(host.documents.get(name)) } : null),
    store: async (name, value) => {
      if (host.problem !== null) throw new Error(host.problem)
      host.documents.set(name, structuredClone(value))
    },
    setAside: async (name) => {
      host.documents.set(`${name}.damaged`, host.documents.get(name))
      host.documents.delete(name)
      return `${name}.damaged`
    },

    models,
    runs: createMemoryStore(),
    hold: models.hold,
    modelsFolder: async () => ({ path: 'memory', chosen: false }),
    modelsFolderChoice: undefined,

    copyText: async (text) => {
      host.copied = text
    },
    linkTo: (fragment) => `memory:#${fragment}`,
    toggleFullScreen: async () => undefined,
    openWindow: async () => undefined,
    setMenu: (sections) => {
      host.menu = sections
    },
    onCommand: () => undefined,
    setTheme: () => undefined,
    reportCrash: async () => undefined,
    lastCrash: async () => null
  }
  return host
}
