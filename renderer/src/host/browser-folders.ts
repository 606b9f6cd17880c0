/** Folders of files in a browser. */
import type { Database } from './browser-database'
import type { Folders } from './host'

/** Folders in a store of a database, whose keys are `id/name`. */
export function browserFolders(database: Promise<Database>, store: 'models' | 'runs'): Folders {
  return {
    ids: async () => {
      const keys = await (await database).getAllKeys(store)
      return [...new Set(keys.map((key) => key.slice(0, key.indexOf('/'))))]
    },
    files: (id) => ({
      names: async () => {
        const keys = await (await database).getAllKeys(store, everyFileOf(id))
        return keys.map((key) => key.slice(id.length + 1))
      },
      read: async (name) => (await database).get(store, `${id}/${name}`),
      write: async (name, content) => {
        void askToKeep()
        const transaction = (await database).transaction(store, 'readwrite', { durability: 'strict' })
        // A copy: a view would be stored with all of its buffer.
        const stored = transaction.store.put(new Uint8Array(content), `${id}/${name}`)
        // A page that is left now does not end it any more.
        transaction.commit()
        await Promise.all([stored, transaction.done]).catch(inWords)
      },
      remove: async (name) => (await database).delete(store, `${id}/${name}`)
    }),
    remove: async (id) => (await database).delete(store, everyFileOf(id))
  }
}

let asked: Promise<boolean> | undefined

/** Without this a browser may drop what it keeps when its disk is full; it may also refuse. Asked once, and not waited for. */
function askToKeep(): Promise<boolean> {
  asked ??= navigator.storage.persist().catch(() => false)
  return asked
}

/** Keys that begin with `id/`: '0' is the character after '/'. */
function everyFileOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound(`${id}/`, `${id}0`, false, true)
}

function inWords(error: unknown): never {
  if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error
  throw new Error(
    'this browser has no more room for this page; remove models or recordings that nobody needs, or make room on the disk',
    { cause: error }
  )
}
