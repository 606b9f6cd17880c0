import { z } from 'zod'
import { moeLayers } from '../../arch/architecture'
import { countParameters } from '../../arch/count/count'
import { readConfig } from '../../arch/runnable'
import type { ValidationPoint } from '../../formats/training-report'
import {
  distillationSchema,
  recipeSchema,
  trainingCorpusSchema,
  transformSpecSchema
} from '../../formats/training-report'
import { checkpointPlanSchema } from '../../train/checkpoint-plan'
import type { TrainingPlan } from '../../train/fingerprint'
import type { RunProgress } from '../../train/run'
import type { WrittenSample } from '../../train/samples'
import type { TrainingStep } from '../../train/trainer'
import type { RunForm } from '../kind'
import { modelReferenceSchema } from '../model-reference'

export const trainSpecSchema = z.strictObject({
  /** As config.json. */
  architecture: z.record(z.string(), z.unknown()),
  corpus: trainingCorpusSchema,
  recipe: recipeSchema,
  /** The steps after which the model is kept on the way. */
  checkpoints: checkpointPlanSchema,
  /**
   * A model with whose weights it begins, after transforms that make it smaller: it has the same architecture then.
   * Absent, weights are drawn by the recipe's seed.
   */
  from: modelReferenceSchema
    .extend({ transforms: z.array(transformSpecSchema).min(1).exactOptional() })
    .exactOptional(),
  /** A model of the same vocabulary that it follows beside its text. */
  teacher: distillationSchema.extend({ model: modelReferenceSchema }).exactOptional()
})

export type TrainSpec = z.infer<typeof trainSpecSchema>

/** The training that a spec asks for. Throws as `readConfig`. */
export function trainingPlan({ architecture, corpus, recipe, teacher }: TrainSpec): TrainingPlan {
  return { architecture: readConfig(architecture), corpus, recipe, ...(teacher ? { teacher } : {}) }
}

export type TrainEvent =
  /** Before the first step of this time: how far it has come before. */
  | ({ readonly kind: 'begin'; readonly step: number; readonly steps: number } & Pick<
      RunProgress,
      'trainingLoss' | 'curve' | 'seconds'
    >)
  /** `seconds` were spent in steps so far. */
  | { readonly kind: 'step'; readonly record: TrainingStep; readonly seconds: number }
  | { readonly kind: 'validation'; readonly point: ValidationPoint }
  /** The model's writing after a step; only while somebody looks on. */
  | { readonly kind: 'sample'; readonly sample: WrittenSample }
  /** A save on the way failed; the training goes on, and tries again at its next save. */
  | { readonly kind: 'unsaved'; readonly reason: string }

/** The file from which an interrupted training goes on. */
export const savedRunName = 'run.safetensors'

/** The user's text that a training reads, as `OwnText` has it; there before the training begins. */
export const ownTextName = 'text.txt'

/** The record of a training, written last: a training that has it is whole. */
export const reportName = 'training.json'

/** A model is trained on generated text; its result is an ordinary Hugging Face folder with `training.json`. */
export const trainForm: RunForm<TrainSpec> = {
  kind: 'train',
  spec: trainSpecSchema,
  stem: (spec) => {
    const { architecture } = trainingPlan(spec)
    const kind = moeLayers(architecture).length > 0 ? 'moe' : 'dense'
    return `my-${kind}-${Math.round(countParameters(architecture).total / 1000)}k`
  },
  title: (_, id) => `Training ${id}`,
  needs: () => ({ cores: 1 })
}
