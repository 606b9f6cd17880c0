/** A run as a folder: each file of the run is a file in it. */
import type { Dirent } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { RunFiles } from '../core/lab/store'
import type { Hold } from './hold'
import { holdFolder, lockName } from './hold'
import { codeOf } from './reason'
import { sweepTemporaryFiles, temporaryName, writeWhole } from './whole-file'

/** Holds the folder of a run as `holdFolder`, and removes what killed writes left there. */
export async function holdRun(folder: string, beat?: number): Promise<Hold | undefined> {
  const hold = await holdFolder(folder, beat)
  if (!hold || hold.isNew) return hold
  const folders = (await entriesIn(folder)).filter((each) => each.isDirectory())
  for (const { parentPath, name } of folders) await sweepTemporaryFiles(join(parentPath, name))
  await sweepTemporaryFiles(folder)
  return hold
}

/** The files of a folder and of those inside it, as those of a run. */
export function runFiles(folder: string): RunFiles {
  const place = (name: string) => join(folder, ...name.split('/').map(checkedName))
  return {
    names: async () => {
      const files = (await entriesIn(folder)).filter((each) => !each.isDirectory())
      return files
        .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'))
        .filter((name) => !temporaryName.test(name))
        .sort()
    },
    read: async (name) => {
      try {
        return new Uint8Array(await readFile(place(name)))
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined
        throw error
      }
    },
    write: (name, content) => writeWhole(place(name), content),
    remove: async (name) => {
      await rm(place(name), { force: true })
    }
  }
}

/** A part of a path that stays below its folder. Throws a `RangeError` for any other. */
function checkedName(name: string): string {
  if (/^[\w-][\w.-]*$/.test(name)) return name
  throw new RangeError(`expected a name of letters, digits, '.', '-' and '_', found '${name}'`)
}

/**
 * The files of a folder and of those inside it; none for one that is not there. Locks are left out, and never looked
 * into: those of other processes come and go meanwhile.
 */
async function entriesIn(folder: string): Promise<Dirent[]> {
  const found = await readdir(folder, { withFileTypes: true }).catch(noneIfMissing)
  const entries = found.filter(({ name }) => !name.startsWith(lockName))
  const inside = entries.filter((each) => each.isDirectory()).map(({ name }) => entriesIn(join(folder, name)))
  return [...entries, ...(await Promise.all(inside)).flat()]
}

function noneIfMissing(error: unknown): [] {
  if (codeOf(error) === 'ENOENT') return []
  throw error
}
