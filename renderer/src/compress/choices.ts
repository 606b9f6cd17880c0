/** Choices of the view of compression. */
import { z } from 'zod'

const stepShape = {
  /** Id of the transform. */
  transform: z.string().max(50).default('rtn'),
  /** Its settings, where they are not its defaults. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({})
}

const stepSchema = z.object(stepShape)

/** One transform of the chain. */
export type ChosenStep = z.infer<typeof stepSchema>

/** Most transforms that come before or after the one whose setting is varied. */
export const mostBeside = 4

export const compressChoicesSchema = z.object({
  /** Id of the model that is made smaller. */
  model: z.string().max(200).default('moe-64'),
  /** The transform whose setting is varied, and its other settings. */
  ...stepShape,
  /** Transforms that are applied before it and after it. */
  before: z.array(stepSchema).max(mostBeside).default([]),
  after: z.array(stepSchema).max(mostBeside).default([])
})

export type CompressChoices = z.infer<typeof compressChoicesSchema>

export const defaultCompress: CompressChoices = compressChoicesSchema.parse({})
