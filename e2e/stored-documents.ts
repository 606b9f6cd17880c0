/** The app's documents as they lie in a browser's database. The app must have opened it before. */
import type { Page } from '@playwright/test'

/** A document as it is stored now; undefined when there is none. */
export function storedDocument(page: Page, name: string): Promise<unknown> {
  return access(page, 'readonly', name)
}

/** Stores a document. */
export async function storeDocument(page: Page, name: string, value: object): Promise<void> {
  await access(page, 'readwrite', name, value)
}

function access(page: Page, mode: IDBTransactionMode, name: string, value?: object): Promise<unknown> {
  return page.evaluate(
    ({ mode, name, value }) =>
      new Promise<unknown>((done, failed) => {
        const opening = indexedDB.open('moescope')
        opening.onerror = () => failed(opening.error)
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('documents', mode)
          const documents = transaction.objectStore('documents')
          const request: { readonly result: unknown } =
            value === undefined ? documents.get(name) : documents.put(value, name)
          transaction.onabort = () => failed(transaction.error)
          transaction.oncomplete = () => {
            opening.result.close()
            done(request.result)
          }
        }
      }),
    { mode, name, value }
  )
}
