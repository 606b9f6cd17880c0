import { z } from 'zod'
import { jsonBy } from './json'

/** The list of shipped models, `models/index.json`. */
const modelIndexSchema = z.object({
  models: z.array(
    z.object({
      id: z.string(),
      /** Paths of the reports of its seeds, beside the list; that of the weights first. */
      reports: z.array(z.string())
    })
  )
})

export type ModelIndex = z.infer<typeof modelIndexSchema>

/** Reads the list. Throws a `FormatError` that names `place`. */
export function readModelIndex(bytes: Uint8Array, place = 'index.json'): ModelIndex {
  return jsonBy(modelIndexSchema, bytes, place)
}
