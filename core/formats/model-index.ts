import { z } from 'zod'

/** The list of shipped models, `models/index.json`. */
export const modelIndexSchema = z.object({
  models: z.array(
    z.object({
      id: z.string(),
      /** Paths of the reports of its seeds, beside the list; that of the weights first. */
      reports: z.array(z.string())
    })
  )
})

export type ModelIndex = z.infer<typeof modelIndexSchema>
