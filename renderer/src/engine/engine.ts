import { type Remote, releaseProxy, wrap } from 'comlink'
import type { EngineApi } from './protocol'

/** The engine's worker as the screen sees it. */
export interface Engine {
  readonly api: Remote<EngineApi>
  /** The answer of a call; rejects when the worker dies, which would leave the call without an answer for ever. */
  answer<T>(call: Promise<T>): Promise<T>
  /** Rejects when the worker dies. */
  readonly died: Promise<never>
  /** Ends the worker at once. */
  end(): void
}

/** Starts a worker. Its threads and its backend are settled once, so another choice takes another worker. */
export function startEngine(): Engine {
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name: 'engine' })
  const api = wrap<EngineApi>(worker)
  const died = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      reject(new Error(event.message || 'the engine stopped without saying why'))
    })
    worker.addEventListener('messageerror', () => reject(new Error('the engine sent what could not be read')))
  })
  died.catch(() => undefined)
  return {
    api,
    died,
    answer: (call) => Promise.race([call, died]),
    end: () => {
      api[releaseProxy]()
      worker.terminate()
    }
  }
}
