/** The app's storage in a browser: documents, recent files and models in one database of IndexedDB, runs in another. */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb'

export interface StoredRecentFile {
  readonly id: string
  readonly handle: FileSystemFileHandle
  readonly opened: number
}

export interface Schema extends DBSchema {
  documents: { key: string; value: unknown }
  recent: { key: string; value: StoredRecentFile }
  /** By `id/name`. */
  models: { key: string; value: Uint8Array<ArrayBuffer> }
  /** By `id/name`. */
  runs: { key: string; value: Uint8Array<ArrayBuffer> }
}

export type Database = IDBPDatabase<Schema>

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>

/** Opens the database. Rejects where the browser keeps nothing, as in some private windows. */
export function openDatabase(): Promise<Database> {
  return openDB<Schema>('moescope', 2, {
    upgrade: (database, oldVersion, _newVersion, transaction) => {
      database.createObjectStore('documents')
      database.createObjectStore('recent', { keyPath: 'id' })
      database.createObjectStore('models')
      if (oldVersion === 1) void takeOver(transaction)
    }
  })
}

/** Opens the database of runs: one of its own, so that no older page that is open somewhere keeps this one waiting. */
export function openRunsDatabase(): Promise<Database> {
  return openDB<Schema>('moescope-runs', 1, { upgrade: (database) => void database.createObjectStore('runs') })
}

/** Version 1 kept the choices alone, without a format. */
async function takeOver(transaction: Upgrade): Promise<void> {
  const old = transaction as unknown as IDBPTransaction<unknown, string[], 'versionchange'>
  const choices: unknown = await old.objectStore('state').get('choices')
  if (choices) await transaction.objectStore('documents').put({ format: 'moescope.state/1', choices }, 'state')
  old.db.deleteObjectStore('state')
}
