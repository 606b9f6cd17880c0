/**
 * The script of every worker: it plays the part of its name, on the port that its first message brings. There is one
 * script and not one for each part, so that what the parts share is shipped once.
 */
import { expose } from 'comlink'
import type { WorkerApis, WorkerBeginning } from './client'

const parts: { readonly [Part in keyof WorkerApis]: () => Promise<WorkerApis[Part]> } = {
  engine: async () => (await import('./engine-api')).engineApi,
  routing: async () => (await import('./routing-api')).createRoutingApi(),
  run: async () => (await import('./run-api')).createRunApi(),
  scaling: async () => (await import('./scaling-api')).scalingApi
}

const api = parts[self.name as keyof WorkerApis]()
// Who starts this part is told.
api.catch(() => undefined)

addEventListener(
  'message',
  ({ data: { port } }: MessageEvent<WorkerBeginning>) => {
    api.then((ready) => expose(ready, port), reportError)
  },
  { once: true }
)
