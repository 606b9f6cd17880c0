import { z } from 'zod'
import type { RunKind } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { recordedLogitsSchema, recordedTextSchema, recordTrace } from '../recording'
import { stemOf } from '../run-id'

export const recordSpecSchema = z.strictObject({
  model: modelReferenceSchema,
  text: recordedTextSchema,
  logits: recordedLogitsSchema
})

export type RecordSpec = z.infer<typeof recordSpecSchema>

/** The result of a recording; `openTraceFile` reads it. */
export const traceName = 'trace.safetensors'

/** A model reads a text, and what its routers decide is recorded. */
export const record: RunKind<RecordSpec> = {
  kind: 'record',
  spec: recordSpecSchema,
  stem: ({ model }) => `${stemOf(model.id)}-routing`,
  title: ({ model }) => `Recording the routing of ${model.id}`,
  needs: () => ({ cores: 1 }),
  run: async ({ model, text, logits }, context) => {
    const { files, keep, progress } = context
    if ((await files.names()).includes(traceName)) return
    const opened = await context.openModel(model)
    const onProgress = (done: number) => progress(done, `${model.id} reads`)
    const content = await recordTrace(context, opened, { text, logits, onProgress })
    await keep([{ name: traceName, content }])
  }
}
