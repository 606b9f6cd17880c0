import { z } from 'zod'
import { transformSpecSchema } from '../../formats/training-report'
import type { RunForm } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { stemOf } from '../run-id'
import { calibratedShape } from './compress'

const sensitivitySpecSchema = z.strictObject({
  model: modelReferenceSchema,
  /** Applied to one part of the model at a time; null takes the part out. */
  transform: transformSpecSchema.nullable(),
  /** Of validation text. */
  characters: z.int().positive(),
  ...calibratedShape
})

export type SensitivitySpec = z.infer<typeof sensitivitySpecSchema>

/** The loss of a model of which one layer or one expert alone is changed, for each of them. */
export const sensitivityForm: RunForm<SensitivitySpec> = {
  kind: 'sensitivity',
  spec: sensitivitySpecSchema,
  stem: ({ model }) => `${stemOf(model.id)}-sensitivity`,
  title: ({ model }) => `Sensitivity of ${model.id}`,
  needs: () => ({ cores: 1 })
}
