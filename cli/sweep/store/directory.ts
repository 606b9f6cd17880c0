import { link, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderStore } from '../../../node/folder-store'
import { codeOf } from '../../../node/reason'
import { temporaryBeside } from '../../../node/whole-file'
import { ensureWritableFolder, readIfThere, writeWhole } from '../../terminal/files'
import { beat, type SweepStore } from './store'

/** A folder, which is made when there is none. Throws a `FailureError` for one that cannot be written. */
export async function openDirectory(path: string): Promise<SweepStore> {
  await ensureWritableFolder(path)
  const pathOf = (name: string) => join(path, name)
  return {
    read: (name) => readIfThere(pathOf(name)),
    write: async (name, content) => {
      await writeWhole(pathOf(name), content)
      return pathOf(name)
    },
    create: async (name, content) => {
      const temporary = temporaryBeside(pathOf(name))
      await mkdir(path, { recursive: true })
      await writeFile(temporary, content, { flush: true })
      try {
        await link(temporary, pathOf(name))
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error
      } finally {
        await rm(temporary, { force: true })
      }
    },
    runs: folderStore(pathOf('runs'), beat),
    models: folderStore(pathOf('models')),
    pathOf
  }
}
