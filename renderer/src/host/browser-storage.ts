/** What a browser keeps between two visits. */
import type { Database } from './browser-database'
import { type Host, type ModelFileName, modelFileNames, type OwnModelEntry } from './host'

type Storage = Pick<
  Host,
  | 'storage'
  | 'recall'
  | 'store'
  | 'setAside'
  | 'ownModels'
  | 'readOwnFile'
  | 'writeOwnFile'
  | 'removeOwnFile'
  | 'removeOwnModel'
  | 'modelsFolder'
  | 'modelsFolderChoice'
>

const place = 'this browser'

export function browserStorage(database: Promise<Database>): Storage {
  return {
    storage: () =>
      database.then(
        () => ({ folder: place, problem: null }),
        (error: unknown) => ({ folder: place, problem: `the browser keeps nothing for this page: ${String(error)}` })
      ),
    recall: async (name) => {
      const value = await (await database).get('documents', name)
      return value === undefined ? null : { value }
    },
    store: async (name, value) => void (await (await database).put('documents', value, name)),
    setAside: async (name) => {
      const aside = `${name}.damaged-${new Date().toISOString()}`
      const transaction = (await database).transaction('documents', 'readwrite')
      await transaction.store.put(await transaction.store.get(name), aside)
      await transaction.store.delete(name)
      await transaction.done
      return `${aside} in ${place}`
    },

    ownModels: async () => {
      const keys = await (await database).getAllKeys('models')
      const found = new Map<string, ModelFileName[]>()
      for (const key of keys) {
        const [id = '', file] = key.split('/')
        const name = modelFileNames.find((each) => each === file)
        if (name) found.set(id, [...(found.get(id) ?? []), name])
      }
      return [...found].map(([id, files]): OwnModelEntry => ({ id, files }))
    },
    readOwnFile: async (id, name) => {
      const content = await (await database).get('models', `${id}/${name}`)
      if (!content) throw new Error(`${id}/${name}: expected a file, found none`)
      return content
    },
    writeOwnFile: async (id, name, content) => {
      // Without this a browser may drop what it keeps when its disk is full; it may also refuse.
      await navigator.storage.persist().catch(() => false)
      await (await database).put('models', content, `${id}/${name}`)
    },
    removeOwnFile: async (id, name) => (await database).delete('models', `${id}/${name}`),
    removeOwnModel: async (id) => {
      const transaction = (await database).transaction('models', 'readwrite')
      for (const name of modelFileNames) await transaction.store.delete(`${id}/${name}`)
      await transaction.done
    },
    modelsFolder: async () => ({ path: place, chosen: false }),
    modelsFolderChoice: undefined
  }
}
