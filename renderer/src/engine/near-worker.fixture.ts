import { expose } from 'comlink'
import type { WorkerBeginning } from './client'

/** A worker on this thread: it has what `connect` uses of one, and plays a part as `worker.ts` does. */
export class NearWorker extends EventTarget {
  terminated = false
  readonly api: object

  constructor(api: object) {
    super()
    this.api = api
  }

  postMessage({ port }: WorkerBeginning): void {
    expose(this.api, port)
  }

  terminate(): void {
    this.terminated = true
  }

  /** Dies as a worker whose error nothing catches. */
  die(message: string): void {
    this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }))
  }
}
