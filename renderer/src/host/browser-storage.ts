/** Storage of a browser between two visits. */
import type { Database } from './browser-database'
import type { Host } from './host'

type Storage = Pick<Host, 'storage' | 'recall' | 'store' | 'setAside' | 'modelsFolder' | 'modelsFolderChoice'>

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

    modelsFolder: async () => ({ path: place, chosen: false }),
    modelsFolderChoice: undefined
  }
}
