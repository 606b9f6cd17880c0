import { writeConfig } from '../arch/write-config'
import type { TrainingPlan } from '../train/fingerprint'
import type { TrainSpec } from './kinds/train'

/** A training as a run, from what is trained and when it is kept. Throws as `writeConfig`. */
export function trainSpec({ architecture, ...plan }: TrainingPlan, checkpoints: TrainSpec['checkpoints']): TrainSpec {
  return { architecture: writeConfig(architecture), ...plan, checkpoints }
}
