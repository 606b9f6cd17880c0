import { messageOf } from '@core/reason'

/** An obstacle to a comparison, in words, and its remedy. */
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

/**
 * Errors of a model that is not here, or whose files are not what they should be. Errors are
 * known by their names, because on the way from a worker they keep these and lose their classes.
 */
const ofModels = ['AbsentModelError', 'ModelError']

/** A failure of the engine or of the models, in words. */
export function failureOf(error: unknown): Failure {
  const detail = messageOf(error)
  const kind = error instanceof Error ? error.name : ''
  if (ofModels.includes(kind)) return { title: 'A model could not be opened', detail, remedy: 'choose-models' }
  if (kind === 'EngineStartError') {
    return {
      title: 'The engine could not be started',
      detail: `Its program, ONNX Runtime as WebAssembly, could not be loaded or begun. It said: ${detail}`,
      remedy: 'restart-engine'
    }
  }
  return { title: 'The engine stopped', detail, remedy: 'restart-engine' }
}
