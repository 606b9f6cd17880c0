import { join } from 'node:path'
import type { Architecture } from '@core/arch/architecture'
import { writeConfig } from '@core/arch/config'
import { tokenizerConfigJson, tokenizerJson } from '@core/corpus'
import type { TrainingReport } from '@core/formats/training-report'
import { writeWeights } from '@core/model/checkpoint'
import { jsonText, writeWhole } from './files'

/** Writes a model as a Hugging Face checkpoint; with the record of its training when that has come to its end. */
export async function writeModelFolder(
  folder: string,
  architecture: Architecture,
  parameters: Float32Array,
  report?: TrainingReport
): Promise<void> {
  await writeWhole(join(folder, 'config.json'), jsonText(writeConfig(architecture)))
  await writeWhole(join(folder, 'tokenizer.json'), jsonText(tokenizerJson()))
  await writeWhole(join(folder, 'tokenizer_config.json'), jsonText(tokenizerConfigJson()))
  await writeWhole(join(folder, 'model.safetensors'), writeWeights(architecture, parameters))
  if (report) await writeWhole(join(folder, 'training.json'), jsonText(report))
}
