import { createMaskedEvaluator, type MaskedEvaluator } from '../evaluate/masked-evaluator'
import { addNats, countCharacters, lossesOf, windowSums } from '../evaluate/paired-losses'
import type { ExpertsOff } from '../model/intervention'
import type { Calibration } from './calibration'
import type { WeighedModel } from './loss-meter'

/** Loss of a model on the calibration text, in nats per character. */
export async function calibrationLoss(model: WeighedModel, calibration: Calibration): Promise<number> {
  const evaluator = createMaskedEvaluator(calibration.backend, model)
  try {
    return await maskedLoss(evaluator, calibration, [])
  } finally {
    await evaluator.release()
  }
}

/** The same without some experts, for an evaluator of the model. */
export async function maskedLoss(
  evaluator: MaskedEvaluator,
  { turn, text }: Calibration,
  masks: readonly ExpertsOff[]
): Promise<number> {
  const windows = text()
  const { nats } = await evaluator.evaluate(windows, { masks, turn })
  const sums = windowSums(windows)
  addNats(sums, windows, 0, nats)
  return lossesOf(sums, countCharacters(windows)).loss
}
