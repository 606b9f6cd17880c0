import type { Windows } from '../corpus'
import { type CorpusModel, calibrationText } from '../evaluate/validation-text'
import { giveWay, type Turn } from '../give-way'
import type { Backend } from '../runtime/backend'

/** Everything that a transform may look at beside the weights. */
export interface Calibration {
  /** Runs the model; a CPU's, where experts compute the rows of their tokens alone. */
  readonly backend: Backend
  /** Of whatever is drawn at random. */
  readonly seed: number
  /** Awaited before each batch. */
  readonly turn: Turn
  /** Text of the corpus that the model was trained on. Throws a `RangeError` where it is too short for a window. */
  text(): Windows
}

export interface CalibrationOptions {
  /** Of text. */
  readonly characters: number
  readonly seed?: number
  readonly turn?: Turn
}

/** Calibration on the training text of a model's corpus, so that no loss is measured on what a transform looked at. */
export function createCalibration(
  backend: Backend,
  model: CorpusModel,
  { characters, seed = 1, turn = giveWay }: CalibrationOptions
): Calibration {
  let windows: Windows | undefined
  return {
    backend,
    seed,
    turn,
    text: () => {
      windows ??= calibrationText(model, characters)
      return windows
    }
  }
}
