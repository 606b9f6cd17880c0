/** What the browser and Electron do alike: the page's own files over fetch, and IndexedDB. */
import { openDB } from 'idb'
import { type Host, modelIndexSchema } from './host'

export function pageFiles(): Pick<Host, 'modelIndex' | 'readModelFile'> {
  const readModelFile: Host['readModelFile'] = async (path) => {
    const response = await fetch(`./models/${path}`)
    if (!response.ok) throw new Error(`models/${path}: expected a file, found none (${response.status})`)
    return new Uint8Array(await response.arrayBuffer())
  }
  return {
    readModelFile,
    modelIndex: async () => {
      const text = new TextDecoder().decode(await readModelFile('index.json'))
      return modelIndexSchema.parse(JSON.parse(text))
    }
  }
}

export function pageStorage(): Pick<Host, 'recall' | 'store'> {
  const table = 'state'
  const database = openDB('moescope', 1, { upgrade: (opened) => void opened.createObjectStore(table) })
  return {
    recall: async (name) => (await database).get(table, name),
    store: async (name, value) => void (await (await database).put(table, value, name))
  }
}
