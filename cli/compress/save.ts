import { join } from 'node:path'
import { writeConfig } from '@core/arch/write-config'
import type { TransformSpec } from '@core/compress'
import { gridsOf, type StoredModel } from '@core/compress/stored-model'
import { worldOf } from '@core/corpus'
import { answerSpans } from '@core/evaluate/answers'
import { createEvaluator, type Evaluation } from '@core/evaluate/evaluate'
import { validationText } from '@core/evaluate/validation-text'
import type { TrainingReport } from '@core/formats/training-report'
import type { RunnableModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import { modelFiles } from '@core/train/model-files'
import { validationPoint } from '@core/train/validation-point'
import { writeWhole } from '../terminal/files'

/**
 * Leaves a compressed model in a folder as a checkpoint, quantised matrices as packed codes, and tells the bytes of its
 * model.safetensors. A model with a record of its training keeps it, with what was
 * done after it and what came out.
 */
export async function saveCompressed(
  folder: string,
  model: RunnableModel,
  compressed: StoredModel,
  specs: readonly TransformSpec[],
  backend: Backend
): Promise<number> {
  const { architecture, parameters } = compressed
  let bytes = 0
  const report = await remeasured(model, compressed, specs, backend)
  for (const { name, content } of modelFiles(architecture, parameters, report, gridsOf(compressed))) {
    await writeWhole(join(folder, name), content)
    if (name === 'model.safetensors') bytes = content.length
  }
  return bytes
}

/** Undefined for a model without a report, and for one that has learnt a user's text, which is not here. */
async function remeasured(
  model: RunnableModel,
  { architecture, parameters }: StoredModel,
  specs: readonly TransformSpec[],
  backend: Backend
): Promise<TrainingReport | undefined> {
  const { report } = model
  if (!report || 'kind' in report.corpus) return undefined
  const windows = validationText(model, report.corpus.validation_characters)
  const evaluator = await createEvaluator(backend, architecture, architecture.context, { answers: true })
  const answers = answerSpans(windows, worldOf(report.corpus))
  let found: Evaluation
  try {
    found = await evaluator.evaluate(parameters, windows, { answers })
  } finally {
    await evaluator.release()
  }
  return {
    ...report,
    ...(report.config ? { config: writeConfig(architecture) } : {}),
    compression: [...(report.compression ?? []), ...specs.map((spec) => ({ ...spec }))],
    result: validationPoint([{ ...found, share: 1 }], { step: report.steps, characters: report.characters }),
    assignments: found.assignments
  }
}
