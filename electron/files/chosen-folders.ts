/** The folders that the user chose, by the id that the page knows them by. Nothing outside of them is read for the page. */
import { randomUUID } from 'node:crypto'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { codeOf } from '../../node/reason'
import type {
  ChosenFolderEntry,
  ChosenFolderFileRequest,
  ChosenFolderRequest,
  FolderFileEntry,
  ReadChosenFolderFileRequest
} from '../channels'
import { readRange } from './opened-files'

/** Reads folders for the page, as they are at that moment; links that lead out of one lead nowhere. */
export interface ChosenFolders {
  /** Takes a path from the user, never from the page. */
  open(path: string): ChosenFolderEntry
  /** The files of a folder, sorted; none where there is no such folder. */
  files(request: ChosenFolderRequest): Promise<FolderFileEntry[]>
  /** Null where there is no such file. */
  file(request: ChosenFolderFileRequest): Promise<FolderFileEntry | null>
  /** Throws for a folder that was not chosen, and for a file that is gone or has become shorter. */
  read(request: ReadChosenFolderFileRequest): Promise<Uint8Array<ArrayBuffer>>
}

export function createChosenFolders(): ChosenFolders {
  const folders = new Map<string, string>()

  /** The path of what lies in a folder; undefined where nothing does. */
  async function within(id: string, path: string): Promise<string | undefined> {
    const folder = folders.get(id)
    if (folder === undefined) throw new Error('that folder was not opened in this session; open it again')
    const [root, found] = await Promise.all([realpathOf(folder), realpathOf(join(folder, path))])
    return root !== undefined && found !== undefined && (found === root || found.startsWith(root + sep))
      ? found
      : undefined
  }

  async function file(id: string, path: string): Promise<FolderFileEntry | null> {
    const place = await within(id, path)
    const found = place === undefined ? undefined : await stat(place)
    return found?.isFile() ? { name: basename(path), size: found.size } : null
  }

  return {
    open: (path) => {
      const id = randomUUID()
      folders.set(id, path)
      return { id, name: basename(path) }
    },
    files: async ({ id, path = '' }) => {
      const place = await within(id, path)
      const entries = place === undefined ? [] : await readdir(place, { withFileTypes: true }).catch(noneInFile)
      const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
      const found = await Promise.all(names.toSorted().map((name) => file(id, join(path, name))))
      return found.filter((each) => each !== null)
    },
    file: ({ id, path }) => file(id, path),
    read: async ({ id, path, start, end }) => {
      const place = await within(id, path)
      if (place === undefined) throw new Error(`${path} is gone; open its folder again`)
      return readRange(place, start, end)
    }
  }
}

async function realpathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path)
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

function noneInFile(error: unknown): [] {
  if (isAbsent(error)) return []
  throw error
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')
}
