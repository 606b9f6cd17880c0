import { z } from 'zod'
import { jsonBy } from '../../formats/json'
import type { RunForm } from '../kind'
import { stemOf } from '../run-id'
import { type RecordSpec, recordSpecSchema } from './record'

/** The same as of a recording: which model reads what. */
export type StreamSpec = RecordSpec

/** The loss of the text that was read. */
export const streamResultName = 'result.json'

const resultSchema = z.object({
  /** Mean of `-log p` of the tokens that follow others, nats; null for a text of one token. */
  loss: z.number().nullable(),
  /** Layers that were found done when the run began, the last time. */
  resumed_layers: z.int().nonnegative()
})

export type StreamResult = Readonly<z.infer<typeof resultSchema>>

/** Reads the result of a streamed recording. Throws a `FormatError` where it is none. */
export function readStreamResult(bytes: Uint8Array): StreamResult {
  return jsonBy(resultSchema, bytes, streamResultName)
}

/** A model that need not fit into memory reads a text layer by layer, and what its routers decide is recorded. */
export const streamForm: RunForm<StreamSpec> = {
  kind: 'stream',
  spec: recordSpecSchema,
  stem: ({ model }) => `${stemOf(model.id)}-streamed`,
  title: ({ model }) => `Recording the routing of ${model.id} layer by layer`,
  needs: () => ({ cores: 1 })
}
