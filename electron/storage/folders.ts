/** Models that were trained here, and other runs: one folder each, with only files of a known form. */
import { randomUUID } from 'node:crypto'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { codeOf, reasonOf } from '../../node/reason'
import { sweepTemporaryFiles, writeWhole } from '../../node/whole-file'
import { folderFileName, folderId, type ModelsFolder } from '../channels'
import type { Turns } from './turns'

/** Every call waits for those before it on the same folder. Ids and names are checked before: see channels.ts. */
export interface Folders {
  /** Ids of all folders with at least one file, sorted. */
  ids(): Promise<string[]>
  /** Names of the files of a folder, sorted, with '/' between the parts; none where there is no such folder. */
  names(id: string): Promise<string[]>
  /** Bytes of a file; null where there is none. */
  read(id: string, name: string): Promise<Uint8Array<ArrayBuffer> | null>
  /** Writes a file whole or not at all. */
  write(id: string, name: string, content: Uint8Array): Promise<void>
  /** Removes a file, where there is one. */
  removeFile(id: string, name: string): Promise<void>
  /** Removes a folder at once or not at all; throws for one that holds anything else, which is not ours. */
  remove(id: string): Promise<void>
  /** Removes what writes and removals that were killed have left. */
  sweep(): Promise<void>
}

/** Begins the name of a folder from the moment it is removed until its files are gone. */
const removedPrefix = '.moescope-removed-'

/**
 * @param kind what a folder holds, for errors
 * @param root tells where the folders are now
 */
export function createFolders(kind: 'model' | 'run', root: () => ModelsFolder, turns: Turns): Folders {
  const inTurn = <T>(id: string, act: (home: string) => Promise<T>) => {
    const home = join(root().path, id)
    return turns.take(home, () => act(home))
  }
  const failed = (id: string, what: string) => (error: unknown) => {
    throw new Error(`${kind} '${id}': ${what}: ${reasonOf(error)}`, { cause: error })
  }
  return {
    ids: () => listFolders(kind, root()),
    names: async (id) => fileNames(await filesOf(join(root().path, id)).catch(failed(id, 'cannot list its files'))),
    read: (id, name) =>
      inTurn(id, (home) => readWhole(join(home, name)).catch(failed(id, `cannot read ${name} in ${home}`))),
    write: (id, name, content) => inTurn(id, (home) => writeWhole(join(home, name), content)),
    removeFile: (id, name) => inTurn(id, (home) => rm(join(home, name), { force: true })),
    remove: (id) =>
      inTurn(id, (home) =>
        removeFolder(home, join(root().path, removedPrefix + randomUUID())).catch(failed(id, 'cannot be removed'))
      ),
    sweep: async () => {
      const { path } = root()
      const names = await readdir(path).catch(() => [])
      for (const name of names) {
        if (name.startsWith(removedPrefix)) await rm(join(path, name), { recursive: true, force: true })
        else if (folderId.safeParse(name).success) await sweepFolder(join(path, name))
      }
    }
  }
}

async function listFolders(kind: string, { path: root, chosen }: ModelsFolder): Promise<string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true })
    const ids = entries.flatMap((each) =>
      each.isDirectory() && folderId.safeParse(each.name).success ? each.name : []
    )
    const files = await Promise.all(ids.map((id) => filesOf(join(root, id))))
    return ids.filter((_, i) => fileNames(files[i] ?? []).length > 0).toSorted()
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && !chosen) return []
    const remedy = chosen ? `; choose another folder for ${kind}s` : ''
    throw new Error(`cannot list the ${kind}s in ${root}: ${reasonOf(error)}${remedy}`, { cause: error })
  }
}

/** Every file below a folder, with '/' between the parts. */
async function filesOf(home: string): Promise<string[]> {
  try {
    const entries = await readdir(home, { recursive: true, withFileTypes: true })
    const files = entries.filter((each) => each.isFile())
    return files.map(({ parentPath, name }) => relative(home, join(parentPath, name)).replaceAll(sep, '/'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** Those that are of a known form. */
function fileNames(files: readonly string[]): string[] {
  return files.filter((each) => folderFileName.safeParse(each).success).toSorted()
}

async function readWhole(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await readFile(path))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

async function removeFolder(home: string, aside: string): Promise<void> {
  await sweepFolder(home)
  const files = await filesOf(home)
  const ours = new Set(fileNames(files))
  const others = files.filter((name) => !ours.has(name))
  if (others.length > 0) {
    throw new Error(
      `${home} also holds ${others.slice(0, 3).join(', ')}; remove the folder yourself if nobody needs it`
    )
  }
  try {
    await rename(home, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  // The folder is gone; what is left of it on the disk is swept at the next start, too.
  await rm(aside, { recursive: true, force: true }).catch(() => undefined)
}

/** Removes what killed writes left in a folder and in those below it. */
async function sweepFolder(home: string): Promise<void> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true }).catch(() => [])
  const below = entries.filter((each) => each.isDirectory()).map((each) => join(each.parentPath, each.name))
  for (const folder of [home, ...below]) await sweepTemporaryFiles(folder)
}
