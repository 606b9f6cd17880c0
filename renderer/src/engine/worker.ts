/**
 * The script of every worker. Its first message says which part it plays and brings the port that it answers on. There
 * is one script and not one for each part, so that what the parts share is shipped once.
 */
import { expose } from 'comlink'
import type { WorkerApis, WorkerBeginning } from './client'

const parts: { readonly [Part in keyof WorkerApis]: () => Promise<WorkerApis[Part]> } = {
  engine: async () => (await import('./engine-api')).engineApi,
  training: async () => (await import('./training-api')).trainingApi,
  routing: async () => (await import('./routing-api')).createRoutingApi()
}

addEventListener(
  'message',
  ({ data: { part, port } }: MessageEvent<WorkerBeginning>) => {
    parts[part]().then((api) => expose(api, port), reportError)
  },
  { once: true }
)
