import { join } from 'node:path'
import type { Architecture } from '@core/arch/architecture'
import type { TrainingReport } from '@core/formats/training-report'
import { modelFiles } from '@core/train/model-files'
import { writeWhole } from './files'

/** Writes a model as a Hugging Face checkpoint; with the record of its training when that has come to its end. */
export async function writeModelFolder(
  folder: string,
  architecture: Architecture,
  parameters: Float32Array,
  report?: TrainingReport
): Promise<void> {
  for (const { name, content } of modelFiles(architecture, parameters, report)) {
    await writeWhole(join(folder, name), content)
  }
}
