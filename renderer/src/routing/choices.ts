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
  'alike',
  'training'
] as const

export type InspectionPage = (typeof inspectionPages)[number]

/** Changes of a router that are made to the chosen layer and expert. */
export const routerChanges = ['mask', 'force', 'best', 'random'] as const

export type RouterChange = (typeof routerChanges)[number]

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
    .default(0),
  change: z.enum(routerChanges).default('mask'),
  /** The tokens that a forced expert gets, as text; empty for all. */
  forced: z.string().max(200).default(''),
  /** Capacity factor that is simulated. */
  capacity: z.number().min(0.25).max(4).default(1.25),
  /** Tokens of a batch whose different experts are counted. */
  batch: z.int().min(1).max(65_536).default(16)
})

export type InspectionChoices = z.infer<typeof inspectionChoicesSchema>

export const defaultInspection: InspectionChoices = inspectionChoicesSchema.parse({})

/** What is typed, dragged or walked through. */
export const gradualInspectionChoices = [
  'layer',
  'expert',
  'text',
  'token',
  'forced',
  'capacity'
] as const satisfies readonly (keyof InspectionChoices)[]
