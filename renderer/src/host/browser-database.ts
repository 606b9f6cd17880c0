/** What a browser keeps for the app: documents, recent files and models in one IndexedDB database. */
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

/** Version 1 kept the choices alone, without a format. */
async function takeOver(transaction: Upgrade): Promise<void> {
  const old = transaction as unknown as IDBPTransaction<unknown, string[], 'versionchange'>
  const choices: unknown = await old.objectStore('state').get('choices')
  if (choices) await transaction.objectStore('documents').put({ format: 'moescope.state/1', choices }, 'state')
  old.db.deleteObjectStore('state')
}
