import { specifiedFloor } from '@core/corpus'
import { FormatError } from '@core/formats/format-error'
import { stepsOf } from '@core/train/recipe'
import { savedProgress } from '@core/train/saved-run'

/** A training before its end: its last validation, on the first part of the text, and the text's entropy where it is known. */
export interface StoppedTraining {
  readonly step: number
  readonly steps: number
  /** Nats per character. */
  readonly loss: number
  readonly floor: number | null
}

/** The last validation that a saved training tells of; undefined before the first. */
export function stoppedTraining(saved: Uint8Array): StoppedTraining | undefined {
  try {
    const { plan, curve } = savedProgress(saved)
    const last = curve.at(-1)
    const steps = stepsOf(plan.recipe, plan.architecture.context)
    const floor = 'kind' in plan.corpus ? null : specifiedFloor(plan.corpus).total
    return last && { step: last.step, steps, loss: last.loss, floor }
  } catch (error) {
    // The model is whole without it; what is damaged is said when the training is resumed.
    if (error instanceof FormatError) return undefined
    throw error
  }
}
