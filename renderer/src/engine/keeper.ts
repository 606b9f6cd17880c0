import { type Client, startWorker } from './client'
import { type EngineApi, type EngineFacts, type EngineOptions, type ModelSource, usualEngine } from './protocol'

/** A worker whose threads and backend are settled once, so that another choice takes another worker. */
export type Engine = Client<EngineApi>

/** Keeps one engine for what is chosen, and starts another where that cannot be changed in a running one. */
export interface EngineKeeper {
  /** The running engine, if there is one. */
  readonly engine: Engine | undefined
  /** An engine with these options: the running one if it has them. */
  start(options: EngineOptions): Promise<{ engine: Engine; facts: EngineFacts }>
  /** Has the engine load these models, unless they are its contestants already. */
  load(models: readonly ModelSource[]): Promise<void>
  /** Ends the engine; the next start makes a fresh one. */
  end(): void
}

/** An engine that could not even be started. */
export class EngineStartError extends Error {
  override readonly name = 'EngineStartError'
}

/** Starts a usual engine before there is a keeper, which takes it if that is what it is asked for. */
export function startEngineEarly(): void {
  early = begin(usualEngine)
}

/** @param onDeath told of an engine that dies by itself, whatever it was at */
export function createEngineKeeper(onDeath: (error: unknown) => void): EngineKeeper {
  let running: Beginning | undefined
  let loaded = ''
  const keeper: EngineKeeper = {
    get engine() {
      return running?.engine
    },
    start: async (options) => {
      if (running?.key !== keyOf(options)) {
        keeper.end()
        running = takeEarly(options) ?? begin(options)
      }
      const { engine, started } = running
      try {
        const facts = await started
        running.onDeath = onDeath
        return { engine, facts }
      } catch (error) {
        if (running?.engine === engine) keeper.end()
        throw new EngineStartError(error instanceof Error ? error.message : String(error), { cause: error })
      }
    },
    load: async (models) => {
      const key = JSON.stringify(models.map(({ id }) => id))
      if (!running || loaded === key) return
      const { engine } = running
      await engine.api.load(models)
      loaded = key
    },
    end: () => {
      running?.engine.end()
      running = undefined
      loaded = ''
    }
  }
  return keeper
}

/** An engine that has been told to start. */
interface Beginning {
  readonly engine: Engine
  /** Of its options. */
  readonly key: string
  readonly started: Promise<EngineFacts>
  /** Told once it has started and dies by itself. */
  onDeath: ((error: unknown) => void) | undefined
}

let early: Beginning | undefined

function takeEarly(options: EngineOptions): Beginning | undefined {
  const taken = early
  early = undefined
  if (taken?.key === keyOf(options)) return taken
  taken?.engine.end()
  return undefined
}

function begin(options: EngineOptions): Beginning {
  const engine: Engine = startWorker('engine', (error) => beginning.onDeath?.(error))
  const started = engine.api.start(options)
  // Who takes it is told.
  started.catch(() => undefined)
  const beginning: Beginning = { engine, key: keyOf(options), started, onDeath: undefined }
  return beginning
}

function keyOf(options: EngineOptions): string {
  return JSON.stringify(options)
}
