import { join } from 'node:path'
import { z } from 'zod'
import type { ModelsFolder } from '../channels'
import type { Keep } from './kept'
import { whyUnusable } from './user-data'

/** Folder of the models: the app's own, or one that the user chose. */
export interface ChosenFolder {
  readonly now: ModelsFolder
  /** Throws when nothing can be written there; nothing is changed then. */
  choose(path: string): Promise<ModelsFolder>
  reset(): Promise<ModelsFolder>
}

const schema = z.object({ path: z.string().min(1).nullable() })

/** @param folder in which the app's own folder for models is */
export function createModelsFolder(keep: Keep, folder: string): ChosenFolder {
  const kept = keep('models-folder.json', schema, { path: null })
  const now = (): ModelsFolder => {
    const { path } = kept.value
    return path === null ? { path: join(folder, 'models'), chosen: false } : { path, chosen: true }
  }
  return {
    get now() {
      return now()
    },
    choose: async (path) => {
      const problem = whyUnusable(path)
      if (problem !== undefined) throw new Error(`models cannot be kept in ${path}: ${problem}; choose another folder`)
      await kept.set({ path })
      return now()
    },
    reset: async () => {
      await kept.set({ path: null })
      return now()
    }
  }
}
