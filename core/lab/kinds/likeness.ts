import { z } from 'zod'
import type { RunForm } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { stemOf } from '../run-id'
import { calibratedShape } from './compress'

const likenessSpecSchema = z.strictObject({
  model: modelReferenceSchema,
  /** Experts that would be left in each layer. */
  keep: z.int().positive(),
  ...calibratedShape
})

export type LikenessSpec = z.infer<typeof likenessSpecSchema>

/** The layers and experts of a model that do nearly the same. */
export const likenessForm: RunForm<LikenessSpec> = {
  kind: 'likeness',
  spec: likenessSpecSchema,
  stem: ({ model }) => `${stemOf(model.id)}-similarity`,
  title: ({ model }) => `Similarity in ${model.id}`,
  needs: () => ({ cores: 1 })
}
