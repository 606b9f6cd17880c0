/** The models, architectures and stories that come with the page, read with fetch. */
import { readModelIndex } from '@core/formats/model-index'
import { parsedBy } from '@core/formats/problems'
import { z } from 'zod'
import type { Host } from './host'

export function shippedFiles(): Pick<
  Host,
  'modelIndex' | 'readShippedFile' | 'architectures' | 'readStory' | 'storyPlayer'
> {
  // The JSON files that the start reads come in one: there are many, and each request takes longer than its answer.
  let documents: Promise<ReadonlyMap<string, string>> | undefined
  const readDocuments = async () => {
    const texts = await fetched('models/documents.json')
    return new Map(Object.entries(parsedBy(documentsSchema, await texts.json(), 'models/documents.json: ')))
  }
  const readShippedFile: Host['readShippedFile'] = async (path) => {
    if (!path.endsWith('.json')) return fetchedBytes(`models/${path}`)
    documents ??= readDocuments().catch((error: unknown) => {
      documents = undefined
      throw error
    })
    const text = (await documents).get(path)
    return text === undefined ? fetchedBytes(`models/${path}`) : new TextEncoder().encode(text)
  }
  return {
    readShippedFile,
    architectures: async (): Promise<unknown> => (await fetched('architectures.json')).json(),
    readStory: (id) => fetchedBytes(`stories/${encodeURIComponent(id)}.moescope-story`),
    storyPlayer: async () => (await fetched('story-player.html')).text(),
    modelIndex: async () => readModelIndex(await readShippedFile('index.json'))
  }
}

/** Texts by path. */
const documentsSchema = z.record(z.string(), z.string())

async function fetchedBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetched(path)).arrayBuffer())
}

async function fetched(path: string): Promise<Response> {
  const response = await fetch(`./${path}`)
  if (!response.ok) throw new Error(`${path}: expected a file, found none (${response.status})`)
  return response
}
