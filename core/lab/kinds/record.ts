import { z } from 'zod'
import type { RunForm } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { recordedLogitsSchema, recordedTextSchema } from '../recorded-text'
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
export const recordForm: RunForm<RecordSpec> = {
  kind: 'record',
  spec: recordSpecSchema,
  stem: ({ model }) => `${stemOf(model.id)}-routing`,
  title: ({ model }) => `Recording the routing of ${model.id}`,
  needs: () => ({ cores: 1 })
}
