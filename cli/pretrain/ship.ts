/** Trained models as they are shipped. */
import { cp, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inHalfPrecision } from '@core/formats/half-precision'
import type { ModelIndex } from '@core/formats/model-index'
import { trainingReportSchema } from '@core/formats/training-report'
import { checkpointFolder, keptCheckpoints } from '@core/lab/checkpoints'
import { reportName } from '@core/lab/kinds/train'
import { recordName } from '@core/lab/store'
import { runFiles } from '../../node/run-folder'
import { parseJson, writeWhole } from '../terminal/files'

type ShippedCheckpoint = ModelIndex['models'][number]['checkpoints'][number]

/** Bytes of weights from which they are shipped in half precision. */
const large = 8e6

/**
 * Puts a trained model where it is shipped, all but its report. Large weights and those of checkpoints are in half
 * precision, and the checkpoint of the last step is left out: that is the model.
 */
export async function shipModel(folder: string, target: string, steps: number): Promise<void> {
  const apart = [recordName, reportName, join(folder, 'checkpoints')]
  await cp(folder, target, { recursive: true, filter: (file) => !apart.some((each) => file.endsWith(each)) })
  const weights = join(target, weightsName)
  if ((await stat(weights)).size > large) await halve(weights)
  for (const { step } of await keptCheckpoints(runFiles(folder))) {
    if (step === steps) continue
    const place = checkpointFolder(step)
    await cp(join(folder, place), join(target, place), { recursive: true })
    await halve(join(target, place, weightsName))
  }
}

const weightsName = 'model.safetensors'

async function halve(path: string): Promise<void> {
  await writeWhole(path, inHalfPrecision(await readFile(path)))
}

/** The checkpoints of a shipped model, itself as the last; none where its training kept no others. */
export async function shippedCheckpoints(out: string, id: string): Promise<readonly ShippedCheckpoint[]> {
  const kept = await keptCheckpoints(runFiles(join(out, id)))
  if (kept.length === 0) return []
  const path = join(out, id, reportName)
  const { steps } = parseJson(path, await readFile(path), trainingReportSchema)
  return [...kept.map(({ step }) => ({ step, folder: `${id}/${checkpointFolder(step)}` })), { step: steps, folder: id }]
}
