import { z } from 'zod'
import type { RunForm } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { recordedLogitsSchema, recordedTextSchema } from '../recorded-text'
import { stemOf } from '../run-id'

export const followSpecSchema = z.strictObject({
  /** Id of the training. */
  training: z.string().min(1),
  /** The models that it has kept on its way, ascending by step. */
  checkpoints: z
    .array(z.strictObject({ step: z.int().positive(), weights: modelReferenceSchema.shape.weights }))
    .min(2, 'expected two checkpoints or more: let the training go on'),
  text: recordedTextSchema,
  logits: recordedLogitsSchema
})

export type FollowSpec = z.infer<typeof followSpecSchema>

/** One step of the training is recorded. */
export interface FollowEvent {
  readonly step: number
}

/** The trace of the model after a step; `openTraceFile` reads it. */
export function stepTraceName(step: number): string {
  return `step-${step}.safetensors`
}

/** The model of each checkpoint of a training reads the same text: how its routing has come about. */
export const followForm: RunForm<FollowSpec> = {
  kind: 'follow',
  spec: followSpecSchema,
  stem: ({ training }) => `${stemOf(training)}-on-the-way`,
  title: ({ training }) => `Following the training of ${training}`,
  needs: () => ({ cores: 1 })
}
