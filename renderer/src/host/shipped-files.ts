/** The models that come with the page, read with fetch. */
import { type Host, modelIndexSchema } from './host'

export function shippedFiles(): Pick<Host, 'modelIndex' | 'readShippedFile'> {
  const readShippedFile: Host['readShippedFile'] = async (path) => {
    const response = await fetch(`./models/${path}`)
    if (!response.ok) throw new Error(`models/${path}: expected a file, found none (${response.status})`)
    return new Uint8Array(await response.arrayBuffer())
  }
  return {
    readShippedFile,
    modelIndex: async () =>
      modelIndexSchema.parse(JSON.parse(new TextDecoder().decode(await readShippedFile('index.json'))))
  }
}
