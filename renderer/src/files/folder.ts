/** Folders that the user drops or chooses. */
import { type OpenedFile, openedFile } from '../host/host'

/** A folder that the user opened, with the files that lie in it, not those of folders within. */
export interface OpenedFolder {
  readonly name: string
  readonly files: readonly OpenedFile[]
}

/** The folder that was dropped; undefined for a file. It must be asked for while the event lasts. */
export function droppedFolder(item: DataTransferItem): Promise<OpenedFolder> | undefined {
  const entry = item.webkitGetAsEntry()
  return entry && isFolder(entry) ? readFolder(entry) : undefined
}

/** The folder that the user chooses; undefined when they cancelled. */
export function chooseFolder(): Promise<OpenedFolder | undefined> {
  const chooser = document.createElement('input')
  chooser.type = 'file'
  chooser.webkitdirectory = true
  return new Promise((chosen) => {
    chooser.addEventListener('cancel', () => chosen(undefined))
    chooser.addEventListener('change', () => {
      const files = [...(chooser.files ?? [])].filter((file) => file.webkitRelativePath.split('/').length === 2)
      chosen({ name: files[0]?.webkitRelativePath.split('/')[0] ?? 'folder', files: files.map(openedFile) })
    })
    chooser.click()
  })
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

async function readFolder(folder: FileSystemDirectoryEntry): Promise<OpenedFolder> {
  const reader = folder.createReader()
  const files: OpenedFile[] = []
  // A reader gives some at a time, and none at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((found, fail) => reader.readEntries(found, fail))
    if (entries.length === 0) return { name: folder.name, files }
    for (const entry of entries.filter(isFile)) {
      files.push(openedFile(await new Promise<File>((found, fail) => entry.file(found, fail))))
    }
  }
}
