import { messageOf } from '@core/message-of'
import { EngineStartError } from './keeper'

/** What stands in the way of a run, in words, and what helps. */
export interface Failure {
  readonly title: string
  readonly detail: string
  readonly remedy: 'restart-engine' | 'reload' | 'choose-models' | 'other-browser'
}

/** Set when this browser cannot run the models at all. */
export function missingWebAssembly(): Failure | undefined {
  if (typeof WebAssembly !== 'undefined') return undefined
  return {
    title: 'This browser has no WebAssembly',
    detail:
      'The models are computed with WebAssembly, which is missing or switched off here: switch it on, or open the ' +
      'desktop app, Chrome or Edge. Everything else can be read.',
    remedy: 'other-browser'
  }
}

/** A failure of the engine or of the files, in words. */
export function failureOf(error: unknown): Failure {
  const detail = messageOf(error)
  if (/^models?[ /]/.test(detail)) {
    return { title: 'A model could not be opened', detail, remedy: 'choose-models' }
  }
  if (error instanceof EngineStartError) {
    return {
      title: 'The engine could not be started',
      detail: `Its program, ONNX Runtime as WebAssembly, could not be loaded or begun. It said: ${detail}`,
      remedy: 'restart-engine'
    }
  }
  return { title: 'The engine stopped', detail, remedy: 'restart-engine' }
}
