import { messageOf } from '@core/reason'
import { type Client, startWorker } from './client'
import type { EngineApi, EngineFacts, EngineOptions, ModelSource } from './protocol'

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

/** @param onDeath told of an engine that dies by itself, whatever it was at */
export function createEngineKeeper(onDeath: (error: unknown) => void): EngineKeeper {
  let running: { engine: Engine; facts: EngineFacts; options: string } | undefined
  let loaded = ''
  const keeper: EngineKeeper = {
    get engine() {
      return running?.engine
    },
    start: async (options) => {
      const key = JSON.stringify(options)
      if (running?.options === key) return running
      keeper.end()
      const engine: Engine = startWorker('engine', (error) => {
        if (running?.engine === engine) onDeath(error)
      })
      try {
        const facts = await engine.api.start(options)
        running = { engine, facts, options: key }
        return running
      } catch (error) {
        engine.end()
        throw new EngineStartError(messageOf(error), { cause: error })
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
