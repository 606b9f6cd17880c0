import { readConfig } from '../arch/runnable'
import { FormatError } from '../formats/format-error'
import { jsonOf } from '../formats/json'
import { readSafetensors } from '../formats/safetensors'
import { readTrainingReport } from '../formats/training-report'
import { readCheckpoints } from '../train/checkpoints'
import type { TrainingPlan } from '../train/fingerprint'
import { planOf } from '../train/fingerprint'
import { earlierCheckpointsName } from './checkpoints'
import type { TrainSpec } from './kinds/train'
import { reportName, savedRunName } from './kinds/train'
import type { RunFiles } from './store'
import { trainSpec } from './train-spec'

type Files = Pick<RunFiles, 'read'>

/**
 * The training that an earlier version of Moescope has saved, which left no record of its run, finished or not;
 * undefined where none is. Throws a `FormatError` when what it has saved is damaged.
 */
export async function earlierTraining(files: Files): Promise<TrainSpec | undefined> {
  const plan = (await savedPlan(files)) ?? (await finishedPlan(files))
  if (!plan) return undefined
  const kept = await files.read(earlierCheckpointsName)
  return trainSpec(plan, kept ? { steps: [...readCheckpoints(kept).planned] } : { count: 0 })
}

/** By what continues it. */
async function savedPlan(files: Files): Promise<TrainingPlan | undefined> {
  const run = await files.read(savedRunName)
  if (!run) return undefined
  const { fingerprint } = readSafetensors(run).metadata
  if (fingerprint === undefined) throw new FormatError(`${savedRunName} is no saved training`)
  return planOf(fingerprint)
}

/** By its report, which is written last. */
async function finishedPlan(files: Files): Promise<TrainingPlan | undefined> {
  const [report, config] = [await files.read(reportName), await files.read('config.json')]
  if (!report || !config) return undefined
  const { corpus, recipe } = readTrainingReport(report)
  return { architecture: readConfig(jsonOf(config, 'config.json')), corpus, recipe }
}
