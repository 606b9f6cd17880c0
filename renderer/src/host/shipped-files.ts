/** The models and the architectures that come with the page, read with fetch. */
import { modelIndexSchema } from '@core/formats/model-index'
import type { Host } from './host'

export function shippedFiles(): Pick<Host, 'modelIndex' | 'readShippedFile' | 'architectures'> {
  const readShippedFile: Host['readShippedFile'] = async (path) => {
    const response = await fetch(`./models/${path}`)
    if (!response.ok) throw new Error(`models/${path}: expected a file, found none (${response.status})`)
    return new Uint8Array(await response.arrayBuffer())
  }
  return {
    readShippedFile,
    architectures: async (): Promise<unknown> => {
      const response = await fetch('./architectures.json')
      if (!response.ok) throw new Error(`architectures.json: expected a file, found none (${response.status})`)
      return response.json()
    },
    modelIndex: async () =>
      modelIndexSchema.parse(JSON.parse(new TextDecoder().decode(await readShippedFile('index.json'))))
  }
}
