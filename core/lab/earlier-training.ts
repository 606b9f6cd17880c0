import { FormatError } from '../formats/format-error'
import { readSafetensors } from '../formats/safetensors'
import { readCheckpoints } from '../train/checkpoints'
import { planOf } from '../train/fingerprint'
import { earlierCheckpointsName } from './checkpoints'
import type { TrainSpec } from './kinds/train'
import { savedRunName } from './kinds/train'
import type { RunFiles } from './store'
import { trainSpec } from './train-spec'

/** The training that an earlier version of Moescope has saved, which left no record of its run; undefined where none is. */
export async function earlierTraining(files: Pick<RunFiles, 'read'>): Promise<TrainSpec | undefined> {
  const [run, kept] = [await files.read(savedRunName), await files.read(earlierCheckpointsName)]
  if (!run) return undefined
  const { fingerprint } = readSafetensors(run).metadata
  if (fingerprint === undefined) throw new FormatError(`${savedRunName} is no saved training`)
  return trainSpec(planOf(fingerprint), kept ? { steps: [...readCheckpoints(kept).planned] } : { count: 0 })
}
