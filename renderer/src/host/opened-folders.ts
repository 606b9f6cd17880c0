/** Folders that a page reads by itself: chosen with all their files, by a handle, or dropped. */
import { type OpenedFile, type OpenedFolder, openedFile } from './host'

/** A folder as a chooser lists it, with all that lies in it at that moment. Undefined without files. */
export function listedFolder(files: readonly File[]): OpenedFolder | undefined {
  const [name] = files[0]?.webkitRelativePath.split('/') ?? []
  if (name === undefined) return undefined
  const byPath = new Map(files.map((file) => [file.webkitRelativePath.slice(name.length + 1), file]))
  return {
    name,
    isLive: false,
    files: async (path) => {
      const within = path === undefined ? '' : `${path}/`
      return [...byPath]
        .filter(([each]) => each.startsWith(within) && !each.slice(within.length).includes('/'))
        .map(([, file]) => openedFile(file))
    },
    file: async (path) => {
      const found = byPath.get(path)
      return found && openedFile(found)
    }
  }
}

/** The folder that the user chooses in a browser's form, with all that lies in it; undefined when they cancelled. */
export function chooseListedFolder(): Promise<OpenedFolder | undefined> {
  const chooser = document.createElement('input')
  chooser.type = 'file'
  chooser.webkitdirectory = true
  return new Promise((chosen) => {
    chooser.addEventListener('cancel', () => chosen(undefined))
    chooser.addEventListener('change', () => chosen(listedFolder([...(chooser.files ?? [])])))
    chooser.click()
  })
}

/** A folder by the handle that the user gave for it. */
export function handledFolder(root: FileSystemDirectoryHandle): OpenedFolder {
  const folderAt = async (path: readonly string[]) => {
    let folder = root
    for (const part of path) folder = await folder.getDirectoryHandle(part)
    return folder
  }
  return {
    name: root.name,
    isLive: true,
    files: (path) =>
      orIfAbsent([], async () => {
        const files: OpenedFile[] = []
        for await (const entry of entriesOf(await folderAt(partsOf(path)))) {
          if (entry.kind === 'file') files.push(openedFile(await (entry as FileSystemFileHandle).getFile()))
        }
        return files
      }),
    file: (path) =>
      orIfAbsent(undefined, async () => {
        const parts = partsOf(path)
        const folder = await folderAt(parts.slice(0, -1))
        return openedFile(await (await folder.getFileHandle(parts.at(-1) ?? '')).getFile())
      })
  }
}

// Not in TypeScript's DOM library for all targets.
function entriesOf(folder: FileSystemDirectoryHandle): AsyncIterable<FileSystemHandle> {
  return (folder as unknown as { values(): AsyncIterable<FileSystemHandle> }).values()
}

/** A folder that was dropped. */
export function droppedFolder(entry: FileSystemDirectoryEntry): OpenedFolder {
  return {
    name: entry.name,
    isLive: true,
    files: (path) =>
      orIfAbsent([], async () => {
        const folder = path === undefined ? entry : await entryAt(entry, path, 'folder')
        const entries = isFolder(folder) ? await entriesIn(folder) : []
        return Promise.all(entries.filter(isFile).map(fileOf))
      }),
    file: (path) =>
      orIfAbsent(undefined, async () => {
        const found = await entryAt(entry, path, 'file')
        return isFile(found) ? fileOf(found) : undefined
      })
  }
}

function partsOf(path = ''): string[] {
  return path.split('/').filter((part) => part !== '')
}

/** The answer for a folder that is not there, or a file. */
async function orIfAbsent<T>(absent: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const names: readonly string[] = ['NotFoundError', 'TypeMismatchError']
    if (error instanceof DOMException && names.includes(error.name)) return absent
    throw error
  }
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function entryAt(folder: FileSystemDirectoryEntry, path: string, kind: 'file' | 'folder'): Promise<FileSystemEntry> {
  return new Promise((found, fail) =>
    kind === 'file' ? folder.getFile(path, {}, found, fail) : folder.getDirectory(path, {}, found, fail)
  )
}

async function entriesIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  // A reader gives some at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((found, fail) => reader.readEntries(found, fail))
    if (some.length === 0) return all
    all.push(...some)
  }
}

async function fileOf(entry: FileSystemFileEntry): Promise<OpenedFile> {
  return openedFile(await new Promise<File>((found, fail) => entry.file(found, fail)))
}
