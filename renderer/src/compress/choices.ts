/** Choices of the view of compression. */
import { z } from 'zod'

export const compressChoicesSchema = z.object({
  /** Id of the model that is made smaller. */
  model: z.string().max(200).default('moe-64'),
  /** Id of the transform. */
  transform: z.string().max(50).default('rtn'),
  /** Its settings other than the one that is varied, where they are not its defaults. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({})
})

export type CompressChoices = z.infer<typeof compressChoicesSchema>

export const defaultCompress: CompressChoices = compressChoicesSchema.parse({})
