/** Runs that lie in a folder, each in one of its own. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunStore } from '../core/lab/store'
import { codeOf } from './reason'
import { holdRun, runFiles } from './run-folder'

/**
 * @param beat milliseconds between signs of life of those who hold a run, for a folder that several machines share;
 * absent, a hold of another machine lasts until it is released
 */
export function folderStore(root: string, beat?: number): RunStore {
  const folder = (id: string) => join(root, id)
  return {
    ids: async () => {
      try {
        const entries = await readdir(root, { withFileTypes: true })
        return entries.filter((each) => each.isDirectory()).map(({ name }) => name)
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return []
        throw error
      }
    },
    files: (id) => runFiles(folder(id)),
    remove: (id) => rm(folder(id), { recursive: true, force: true }),
    hold: (id) => holdRun(folder(id), beat)
  }
}
