import { z } from 'zod'
import { jsonBy } from './json'

const reports = z.array(z.string())

/** The list of shipped models and studies, `models/index.json`. */
const modelIndexSchema = z.object({
  models: z.array(
    z.object({
      id: z.string(),
      /** Paths of the reports of its seeds, beside the list; that of the weights first. */
      reports,
      /**
       * The model after some steps of its training, ascending, itself as the last: the folders of its files, beside the
       * list. None of models of which only the last is shipped.
       */
      checkpoints: z.array(z.object({ step: z.int().positive(), folder: z.string() })).default([])
    })
  ),
  /** Trainings of which only the reports are shipped. Absent in lists of before there were some. */
  studies: z.array(z.object({ id: z.string(), reports })).default([])
})

export type ModelIndex = z.infer<typeof modelIndexSchema>

/** Reads the list. Throws a `FormatError` that names `place`. */
export function readModelIndex(bytes: Uint8Array, place = 'index.json'): ModelIndex {
  return jsonBy(modelIndexSchema, bytes, place)
}
