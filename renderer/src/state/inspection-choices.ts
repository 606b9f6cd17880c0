import { z } from 'zod'

/** What the routing view can show of a trace. */
export const inspectionPages = [
  'overview',
  'tokens',
  'expert',
  'layers',
  'pairs',
  'domains',
  'causes',
  'alike'
] as const

export type InspectionPage = (typeof inspectionPages)[number]

const place = z.int().min(0).max(65_535)

/** What the user looks at in a trace; places that a trace does not have are taken as its first or last. */
export const inspectionChoicesSchema = z.object({
  page: z.enum(inspectionPages).default('overview'),
  /** Place among the MoE layers. */
  layer: place.default(0),
  expert: place.default(0),
  /** Domains that are counted, as places in the trace's list; empty for all. */
  domains: z.array(z.int().min(0).max(255)).max(256).default([]),
  /** Only tokens with this text; empty for all. */
  text: z.string().max(100).default(''),
  /** Only tokens that were sent to the chosen expert. */
  onlyExpert: z.boolean().default(false),
  /** First token in sight of the token page. */
  token: z
    .int()
    .min(0)
    .max(2 ** 31)
    .default(0)
})

export type InspectionChoices = z.infer<typeof inspectionChoicesSchema>

export const defaultInspection: InspectionChoices = inspectionChoicesSchema.parse({})
