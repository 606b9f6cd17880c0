import { z } from 'zod'
import type { RunForm } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { stemOf } from '../run-id'

const evaluateSpecSchema = z.strictObject({
  model: modelReferenceSchema,
  /** Characters of validation text; only its whole documents count. */
  characters: z.int().positive(),
  /** Questions of each language that asks some; 0 asks none. */
  questions: z.int().nonnegative(),
  /** Of the draw of the questions. */
  seed: z.int().nonnegative()
})

export type EvaluateSpec = z.infer<typeof evaluateSpecSchema>

/** The loss of a model on validation text, and its share of right answers, by language. */
export const evaluateForm: RunForm<EvaluateSpec> = {
  kind: 'evaluate',
  spec: evaluateSpecSchema,
  stem: ({ model }) => `${stemOf(model.id)}-evaluation`,
  title: ({ model }) => `Evaluating ${model.id}`,
  needs: () => ({ cores: 1 })
}
