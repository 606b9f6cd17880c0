/** Files of a browser: through the File System Access API where there is one, else its chooser and its downloads. */
import type { Database } from './browser-database'
import { type FileKind, type Host, openedFile } from './host'

// Not in TypeScript's DOM library: only Chromium has them.
interface Pickers {
  showOpenFilePicker?(options: PickerOptions): Promise<FileSystemFileHandle[]>
  showDirectoryPicker?(): Promise<FileSystemDirectoryHandle>
  showSaveFilePicker?(options: PickerOptions & { suggestedName: string }): Promise<FileSystemFileHandle>
}

interface PickerOptions {
  readonly types: readonly { readonly description: string; readonly accept: Record<string, string[]> }[]
}

interface PermittedHandle extends FileSystemFileHandle {
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>
}

interface HandleItem extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>
}

const maxRecent = 12

export function browserFiles(
  database: Promise<Database>
): Pick<
  Host,
  'openFile' | 'openFolder' | 'droppedFile' | 'saveFile' | 'recentFiles' | 'openRecent' | 'clearRecent' | 'onFileOpened'
> {
  const pickers = window as unknown as Pickers

  const open = async (handle: FileSystemFileHandle) => {
    const file = openedFile(await handle.getFile())
    // A file opens even if the browser cannot remember it.
    await remember(await database, handle).catch(() => undefined)
    return file
  }

  return {
    openFile: async (kind) => {
      if (!pickers.showOpenFilePicker) return chooseFile(kind)
      const [handle] = await orNothing(pickers.showOpenFilePicker(pickerOptions(kind)), [])
      return handle && open(handle)
    },
    openFolder: async () => {
      if (!pickers.showDirectoryPicker) return (await import('./opened-folders')).chooseListedFolder()
      const handle = await orNothing(pickers.showDirectoryPicker(), undefined)
      return handle && (await import('./opened-folders')).handledFolder(handle)
    },
    droppedFile: async (item: HandleItem) => {
      const file = item.getAsFile()
      const handle = await item.getAsFileSystemHandle?.()
      if (handle?.kind === 'directory') return undefined
      if (handle) return open(handle as FileSystemFileHandle)
      return file ? openedFile(file) : undefined
    },
    saveFile: async (name, kind, content) => {
      if (!pickers.showSaveFilePicker) return download(name, content)
      const options = { ...pickerOptions(kind), suggestedName: name }
      const handle = await orNothing(pickers.showSaveFilePicker(options), undefined)
      if (!handle) return undefined
      const writable = await handle.createWritable()
      await writable.write(content)
      await writable.close()
      await database.then((opened) => remember(opened, handle)).catch(() => undefined)
      return handle.name
    },
    recentFiles: async () => {
      const kept = await (await database).getAll('recent')
      return kept
        .sort((a, b) => b.opened - a.opened)
        .map(({ id, handle, opened }) => ({ id, name: handle.name, folder: '', opened }))
    },
    openRecent: async (id) => {
      const kept = await (await database).get('recent', id)
      if (!kept) throw new Error('it is not among the recent files any more')
      const handle: PermittedHandle = kept.handle
      const permission = await handle.requestPermission?.({ mode: 'read' })
      if (permission === 'denied') throw new Error(`the browser was not allowed to read ${handle.name}`)
      return open(handle)
    },
    clearRecent: async () => (await database).clear('recent'),
    // A browser opens nothing from outside of the page.
    onFileOpened: () => undefined
  }
}

async function remember(database: Database, handle: FileSystemFileHandle): Promise<void> {
  const kept = await database.getAll('recent')
  for (const each of kept) if (await each.handle.isSameEntry(handle)) await database.delete('recent', each.id)
  await database.put('recent', { id: crypto.randomUUID(), handle, opened: Date.now() })
  const oldest = kept.sort((a, b) => b.opened - a.opened).slice(maxRecent - 1)
  for (const { id } of oldest) await database.delete('recent', id)
}

function pickerOptions({ description, extensions }: FileKind): PickerOptions {
  return { types: [{ description, accept: { 'application/octet-stream': extensions.map((each) => `.${each}`) } }] }
}

/** The result of a picker, or `nothing` when the user cancelled it. */
async function orNothing<T, N>(picked: Promise<T>, nothing: N): Promise<T | N> {
  try {
    return await picked
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return nothing
    throw error
  }
}

function chooseFile({ extensions }: FileKind) {
  const chooser = document.createElement('input')
  chooser.type = 'file'
  chooser.accept = extensions.map((each) => `.${each}`).join(',')
  return new Promise<ReturnType<typeof openedFile> | undefined>((chosen) => {
    chooser.addEventListener('cancel', () => chosen(undefined))
    chooser.addEventListener('change', () => {
      const file = chooser.files?.[0]
      chosen(file && openedFile(file))
    })
    chooser.click()
  })
}

function download(name: string, content: string | Uint8Array<ArrayBuffer>): string {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content]))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
  return name
}
