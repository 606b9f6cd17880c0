import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { z } from 'zod'
import type { RecentFileEntry } from '../channels'
import type { Keep } from '../storage/kept'

/** The files that were opened or saved last, also as the system lists them. */
export interface RecentFiles {
  /** The latest first; files that are gone are dropped. */
  list(): Promise<RecentFileEntry[]>
  /** Never rejects: a list that cannot be written must not keep a file from being opened. */
  add(path: string): Promise<void>
  clear(): Promise<void>
  /** Path of an entry. Throws for an id that is not in the list. */
  pathOf(id: string): string
}

/** The system's own list of recent documents, as Electron's `app` has it. */
export interface SystemRecents {
  addRecentDocument(path: string): void
  clearRecentDocuments(): void
}

const most = 12
const schema = z.array(z.object({ id: z.uuid(), path: z.string().min(1), opened: z.number() })).max(most)

/** The list in the file `recent-files.json`. */
export function createRecentFiles(keep: Keep, system: SystemRecents, complain: (error: unknown) => void): RecentFiles {
  const kept = keep('recent-files.json', schema, [])
  return {
    list: async () => {
      const listed = kept.value
      const gone = new Set<string>()
      for (const { id, path } of listed) {
        if (!(await isFile(path))) gone.add(id)
      }
      if (gone.size > 0) await kept.set(kept.value.filter(({ id }) => !gone.has(id)))
      return kept.value.map(({ id, path, opened }) => ({ id, name: basename(path), folder: dirname(path), opened }))
    },
    add: async (path) => {
      system.addRecentDocument(path)
      const before = kept.value.find((each) => each.path === path)
      const entry = { id: before?.id ?? randomUUID(), path, opened: Date.now() }
      const others = kept.value.filter((each) => each.path !== path)
      await kept.set([entry, ...others].slice(0, most)).catch(complain)
    },
    clear: async () => {
      system.clearRecentDocuments()
      await kept.set([])
    },
    pathOf: (id) => {
      const entry = kept.value.find((each) => each.id === id)
      if (!entry) throw new Error('that file is no longer in the list of recent files; open it with Open')
      return entry.path
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() ?? false
}
