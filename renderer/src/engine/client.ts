/** The workers as the screen sees them. */
import { wrap } from 'comlink'
import type { EngineApi } from './protocol'
import type { RoutingApi } from './routing-protocol'
import type { RunApi } from './run-protocol'
import type { ScalingApi } from './scaling-api'

/** Calls that workers answer, by their part. */
export interface WorkerApis {
  readonly engine: EngineApi
  readonly routing: RoutingApi
  readonly run: RunApi
  readonly scaling: ScalingApi
}

/** The first message to a worker. */
export interface WorkerBeginning {
  /** The worker's calls. */
  readonly port: MessagePort
}

/** A worker that plays one part. */
export interface Client<Api> {
  /** Its calls reject when the worker dies or is ended: such a worker never answers. */
  readonly api: Api
  /** Ends the worker at once. */
  end(): void
}

/** Starts a worker. `onDeath` is told, before its calls reject, that it died by itself and why. */
export function startWorker<Part extends keyof WorkerApis>(
  part: Part,
  onDeath: (error: Error) => void = () => undefined
): Client<WorkerApis[Part]> {
  // Its name tells it which part it plays.
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: part })
  return connect(worker, part, onDeath)
}

/** Has a worker that waits for its beginning play a part. */
export function connect<Part extends keyof WorkerApis>(
  worker: Worker,
  part: Part,
  onDeath: (error: Error) => void
): Client<WorkerApis[Part]> {
  const { port1, port2 } = new MessageChannel()
  const beginning: WorkerBeginning = { port: port2 }
  const remote = wrap<WorkerApis[Part]>(port1)
  const waiting = new Set<(error: Error) => void>()
  let ended: Error | undefined

  function end(reason: Error, tell: (reason: Error) => void = () => undefined): void {
    if (ended) return
    ended = reason
    worker.terminate()
    port1.close()
    tell(reason)
    for (const reject of waiting) reject(reason)
  }
  const die = (reason: string) => end(new Error(reason), onDeath)

  worker.addEventListener('error', (event) => {
    event.preventDefault()
    die(event.message || `the ${part} worker stopped without saying why`)
  })
  port1.addEventListener('messageerror', () => die(`the ${part} worker sent what could not be read`))
  port1.start()
  worker.postMessage(beginning, [port2])

  const answer = (call: () => Promise<unknown>): Promise<unknown> => {
    if (ended) return Promise.reject(ended)
    return new Promise((resolve, reject) => {
      waiting.add(reject)
      void call()
        .then(resolve, reject)
        .finally(() => waiting.delete(reject))
    })
  }
  return {
    api: everyCall(remote, answer) as WorkerApis[Part],
    end: () => end(new Error(`the ${part} worker was ended before it answered`))
  }
}

/** An object whose methods are those of `remote`, each called by way of `through`. */
function everyCall(remote: object, through: (call: () => Promise<unknown>) => Promise<unknown>): object {
  const get = (_: object, name: string | symbol) => {
    // An object with a 'then' is taken for a promise.
    if (name === 'then') return undefined
    const method = Reflect.get(remote, name) as (...given: unknown[]) => Promise<unknown>
    return (...given: unknown[]) => through(() => method(...given))
  }
  return new Proxy({}, { get })
}
