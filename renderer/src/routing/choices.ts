import { z } from 'zod'

/** Pages of the routing view; `causes` is the stored name of Ablation. */
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

/** Interventions on the chosen layer and expert. */
export const routerChanges = ['mask', 'force', 'best', 'random'] as const

export type RouterChange = (typeof routerChanges)[number]

/** Pairs of experts that are counted: all of a token, or neighbours by rank. */
export const pairKinds = ['all', 'adjacent'] as const

/** The whole that shares of a domain are of: its tokens, or their assignments to experts. */
export const domainShares = ['tokens', 'assignments'] as const

/** By what the evenness of the load over a training is told. */
export const evennesses = ['entropy', 'cv', 'dead'] as const

/** By what it is told how sure a router is. */
export const confidences = ['largest', 'entropy'] as const

/** One of the open traces, by its name and its place among those of this name, in the order in which they were opened. */
export const besideChoiceSchema = z.object({ name: z.string().max(1000), place: z.int().min(0).max(1000) })

export type BesideChoice = z.infer<typeof besideChoiceSchema>

const place = z.int().min(0).max(65_535)

/** The view of a trace; layers and experts that a trace does not have are clamped to its last. */
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
  batch: z.int().min(1).max(65_536).default(16),
  pairs: z.enum(pairKinds).default('all'),
  domainShare: z.enum(domainShares).default('tokens'),
  /** The trace that the first is compared with; null for the next one. */
  beside: besideChoiceSchema.nullable().default(null),
  /** GPUs that experts are placed on; null for as many as are usual for so many experts. */
  gpus: z.int().min(1).max(65_536).nullable().default(null),
  /** Copies of busy experts that each GPU has room for. */
  copies: z.int().min(0).max(64).default(1),
  evenness: z.enum(evennesses).default('entropy'),
  confidence: z.enum(confidences).default('largest')
})

export type InspectionChoices = z.infer<typeof inspectionChoicesSchema>

export const defaultInspection: InspectionChoices = inspectionChoicesSchema.parse({})

/** Choices that are typed, dragged or walked through. */
export const gradualInspectionChoices = [
  'layer',
  'expert',
  'text',
  'token',
  'forced',
  'capacity'
] as const satisfies readonly (keyof InspectionChoices)[]
