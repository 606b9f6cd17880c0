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

/** Pages of the view, each with a question of its own. */
export const compressPages = ['sweep', 'text', 'parts', 'alike'] as const

export type CompressPage = (typeof compressPages)[number]

/** Quantities along the axes of the chart of sweeps. */
export const [sizeAxes, worthAxes] = [['bytes', 'speed'] as const, ['loss', 'effective'] as const]

export const compressChoicesSchema = z.object({
  /** Id of the model that is made smaller. */
  model: z.string().max(200).default('moe-64'),
  /** The transform whose setting is varied, and its other settings. */
  ...stepShape,
  /** Transforms that are applied before it and after it. */
  before: z.array(stepSchema).max(mostBeside).default([]),
  after: z.array(stepSchema).max(mostBeside).default([]),
  page: z.enum(compressPages).default('sweep'),
  x: z.enum(sizeAxes).default('bytes'),
  y: z.enum(worthAxes).default('loss'),
  /** The value of the last sweep whose text is shown; empty for the first. */
  value: z.string().max(20).default(''),
  /** True where a part is taken out, and not changed by the transform. */
  without: z.boolean().default(false)
})

export type CompressChoices = z.infer<typeof compressChoicesSchema>

export const defaultCompress: CompressChoices = compressChoicesSchema.parse({})
