/** A run as a folder: each file of the run is a file in it. */
import { readdir, readFile, rm } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { RunFiles } from '../core/lab/store'
import type { Hold } from './hold'
import { holdFolder, lockName } from './hold'
import { codeOf } from './reason'
import { sweepTemporaryFiles, temporaryName, writeWhole } from './whole-file'

/** Holds the folder of a run as `holdFolder`, and removes what killed writes left there. */
export async function holdRun(folder: string): Promise<Hold | undefined> {
  const hold = await holdFolder(folder)
  if (!hold) return undefined
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const folders = found.filter((each) => each.isDirectory() && !each.name.startsWith(lockName))
  for (const { parentPath, name } of folders) await sweepTemporaryFiles(join(parentPath, name))
  await sweepTemporaryFiles(folder)
  return hold
}

/** The files of a folder and of those inside it, as those of a run. */
export function runFiles(folder: string): RunFiles {
  const place = (name: string) => join(folder, ...name.split('/').map(checkedName))
  return {
    names: async () => {
      const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(noneIfMissing)
      const paths = found.filter((each) => !each.isDirectory()).map(({ parentPath, name }) => join(parentPath, name))
      return paths
        .map((path) => relative(folder, path).split(sep).join('/'))
        .filter((name) => !name.startsWith(lockName) && !temporaryName.test(name))
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

function noneIfMissing(error: unknown): [] {
  if (codeOf(error) === 'ENOENT') return []
  throw error
}
