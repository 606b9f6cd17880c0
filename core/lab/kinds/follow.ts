import { z } from 'zod'
import { checkpointModel } from '../checkpoints'
import type { RunKind } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { recordedLogitsSchema, recordedTextSchema, recordTrace } from '../recording'
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
export const follow: RunKind<FollowSpec, FollowEvent> = {
  kind: 'follow',
  spec: followSpecSchema,
  stem: ({ training }) => `${stemOf(training)}-on-the-way`,
  title: ({ training }) => `Following the training of ${training}`,
  needs: () => ({ cores: 1 }),
  run: async ({ training, checkpoints, text, logits }, context) => {
    const { files, keep, progress, tell } = context
    const there = await files.names()
    for (const [i, { step, weights }] of checkpoints.entries()) {
      const name = stepTraceName(step)
      if (there.includes(name)) continue
      const model = await context.openModel({ id: checkpointModel(training, step), weights })
      const onProgress = (done: number) => progress((i + done) / checkpoints.length, `step ${step} reads`)
      await keep([{ name, content: await recordTrace(context, model, { text, logits, onProgress }) }])
      tell({ step })
    }
  }
}
