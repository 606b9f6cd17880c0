import type { RunFiles, RunStore } from './store'

/** A store that lasts as long as this program. */
export function createMemoryStore(): RunStore {
  const runs = new Map<string, Map<string, Uint8Array<ArrayBuffer>>>()
  const held = new Set<string>()
  const folder = (id: string) => {
    const found = runs.get(id) ?? new Map<string, Uint8Array<ArrayBuffer>>()
    runs.set(id, found)
    return found
  }
  return {
    ids: async () => [...runs].filter(([, files]) => files.size > 0).map(([id]) => id),
    files: (id): RunFiles => ({
      names: async () => [...(runs.get(id)?.keys() ?? [])].sort(),
      read: async (name) => runs.get(id)?.get(name)?.slice(),
      write: async (name, content) => void folder(id).set(name, new Uint8Array(content)),
      remove: async (name) => void runs.get(id)?.delete(name)
    }),
    remove: async (id) => void runs.delete(id),
    hold: async (id) => {
      if (held.has(id)) return undefined
      held.add(id)
      return { release: async () => void held.delete(id) }
    }
  }
}
