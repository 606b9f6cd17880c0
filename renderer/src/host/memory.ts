import { type Host, type ModelIndex, modelIndexSchema, type TextFile } from './host'

export interface MemoryHost extends Host {
  /** What was saved, by proposed name. */
  readonly saved: Map<string, string>
  /** What the user will choose next. */
  chosen: TextFile | undefined
}

/** A host for tests: model files from a map of paths below `models/`, nothing leaves memory. */
export function createMemoryHost(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): MemoryHost {
  const stored = new Map<string, unknown>()
  const saved = new Map<string, string>()
  const readModelFile: Host['readModelFile'] = async (path) => {
    const bytes = files.get(path)
    if (!bytes) throw new Error(`models/${path}: expected a file, found none`)
    return bytes
  }
  const host: MemoryHost = {
    saved,
    chosen: undefined,
    version: async () => '0.0.0',
    readModelFile,
    modelIndex: async (): Promise<ModelIndex> =>
      modelIndexSchema.parse(JSON.parse(new TextDecoder().decode(await readModelFile('index.json')))),
    saveText: async (name, _kind, text) => {
      saved.set(name, text)
      return true
    },
    openText: async () => host.chosen,
    recall: async (name) => structuredClone(stored.get(name)),
    store: async (name, value) => void stored.set(name, structuredClone(value))
  }
  return host
}
