import type { Failure } from './failures'
import type { EngineFacts } from './protocol'

/** `resting` until something asks for the engine. */
export type RunStatus = 'resting' | 'loading' | 'ready' | 'running' | 'paused' | 'finished' | 'failed'

/** The engine, and what it is at. */
export interface EngineState {
  /** The backend that it found and took; undefined while none is there. */
  readonly engine: EngineFacts | undefined
  readonly status: RunStatus
  /** The part that is being loaded, in words. */
  readonly loading: string
  readonly failure: Failure | undefined
}

/** Before anything asks for it. */
export const restingEngine: EngineState = {
  engine: undefined,
  status: 'resting',
  loading: 'Opening',
  failure: undefined
}
