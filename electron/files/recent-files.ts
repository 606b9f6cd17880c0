import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { reasonOf } from '../../node/reason'
import type { RecentFileEntry } from '../channels'
import { keep } from '../storage/kept'
import type { Turns } from '../storage/turns'

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

/** A list in the file `recent-files.json` of a folder. */
export function createRecentFiles(
  folder: string,
  turns: Turns,
  system: SystemRecents,
  complain: (reason: string) => void
): RecentFiles {
  const kept = keep(join(folder, 'recent-files.json'), schema, [], turns, complain)
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
      await kept.set([entry, ...others].slice(0, most)).catch((error: unknown) => complain(reasonOf(error)))
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
