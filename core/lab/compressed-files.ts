/** Models that transforms have made smaller, as files. */
import { writeConfig } from '../arch/write-config'
import type { Chain } from '../compress/measure'
import { gridsOf, type StoredModel } from '../compress/stored-model'
import { worldOf } from '../corpus'
import { answerSpans } from '../evaluate/answers'
import { createEvaluator } from '../evaluate/evaluate'
import { validationText } from '../evaluate/validation-text'
import type { CompressedFrom, TrainingReport } from '../formats/training-report'
import type { Turn } from '../give-way'
import type { RunnableModel } from '../model/runnable-model'
import type { Backend } from '../runtime/backend'
import { type ModelFile, modelFiles } from '../train/model-files'
import { validationPoint } from '../train/validation-point'
import type { ModelReference } from './model-reference'

export interface CompressedOptions {
  readonly chain: Chain
  /** Of the model that it was made of. */
  readonly reference: ModelReference
  /** Characters of training text that transforms could look at. */
  readonly calibration: number
  /** Of what was drawn at random. */
  readonly seed: number
  readonly turn?: Turn
  /** Hears how many of the windows of validation text are measured. */
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * The files of a compressed model, quantised matrices as packed codes and all else as float32. A model with a record of
 * its training keeps it, with what was done after it and what came out on all of its validation text; there is none for a
 * model that has learnt a user's text, which is not here.
 */
export async function compressedFiles(
  backend: Backend,
  model: RunnableModel,
  compressed: StoredModel,
  options: CompressedOptions
): Promise<ModelFile[]> {
  const report = await remeasured(backend, model, compressed, options)
  return modelFiles(compressed.architecture, compressed.parameters, report, gridsOf(compressed))
}

async function remeasured(
  backend: Backend,
  model: RunnableModel,
  { architecture, parameters }: StoredModel,
  { chain, reference, calibration, seed, ...how }: CompressedOptions
): Promise<TrainingReport | undefined> {
  const { report } = model
  if (!report || 'kind' in report.corpus) return undefined
  const windows = validationText(model, report.corpus.validation_characters)
  const evaluator = await createEvaluator(backend, architecture, architecture.context, { answers: true })
  try {
    const answers = answerSpans(windows, worldOf(report.corpus))
    const found = await evaluator.evaluate(parameters, windows, { ...how, answers })
    const from: CompressedFrom = { ...reference, calibration_characters: calibration, seed, loss: report.result.loss }
    return {
      ...report,
      ...(report.config ? { config: writeConfig(architecture) } : {}),
      compression: [...(report.compression ?? []), ...chain.map((spec) => ({ ...spec }))],
      compressed_from: from,
      result: validationPoint([{ ...found, share: 1 }], { step: report.steps, characters: report.characters }),
      assignments: found.assignments
    }
  } finally {
    await evaluator.release()
  }
}
