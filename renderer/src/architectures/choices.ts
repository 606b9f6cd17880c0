/** Choices of the view of real architectures. */
import { z } from 'zod'

export const architectureScreens = ['gallery', 'one', 'compare', 'sizes'] as const

export type ArchitectureScreen = (typeof architectureScreens)[number]

export const galleryColumns = [
  'name',
  'family',
  'year',
  'total',
  'active',
  'ratio',
  'experts',
  'cache',
  'published'
] as const

export type GalleryColumn = (typeof galleryColumns)[number]

/** The id of the config.json that was opened, among those of the gallery. */
export const openedId = 'opened'

/** Most models side by side. */
export const maxCompared = 4

/** Longest config.json that is kept with the choices, in characters. */
export const longestConfig = 50_000

/** A config.json from outside, as it was read. */
export const openedConfigSchema = z.object({
  /** Of the file. */
  name: z.string().max(300),
  config: z.record(z.string(), z.unknown()),
  /** True to read an unknown kind by the names of its keys; `anyway` also past keys that look like sizes. */
  bestEffort: z.union([z.boolean(), z.literal('anyway')])
})

export type OpenedConfig = z.infer<typeof openedConfigSchema>

const size = z
  .int()
  .min(1)
  .max(2 ** 31 - 1)

/** Changes to the shape of the shown model; see `DescriptionChange`. */
const changesSchema = z.object({
  vocabularySize: size.exactOptional(),
  width: size.exactOptional(),
  layers: size.max(10_000).exactOptional(),
  experts: size.exactOptional(),
  topK: size.exactOptional(),
  expertWidth: size.exactOptional(),
  sharedExperts: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .exactOptional(),
  denseWidth: size.exactOptional()
})

export type Changes = z.infer<typeof changesSchema>

export type ChangedField = keyof Changes

/** The id of the device that the user described, among those of the presets. */
export const ownDeviceId = 'own'

/** A device in the units of data sheets, as it is typed. */
export const ownDeviceSchema = z.object({
  name: z.string().max(60),
  /** GB/s of memory of one device. */
  bandwidth: z.number().positive().max(1e6),
  /** TFLOP/s in 16 bits, without those that count on zeros in the weights. */
  teraflops: z.number().positive().max(1e6),
  /** GiB of one device. */
  memory: z.number().positive().max(1e6),
  /** Power limit of one device; 0 where it is not known. */
  watts: z.number().min(0).max(1e5),
  /** Devices among which experts are divided. */
  devices: z.int().min(1).max(1024),
  /** GB/s that one device sends to others. */
  link: z.number().positive().max(1e6)
})

export type OwnDevice = z.infer<typeof ownDeviceSchema>

export const architectureChoicesSchema = z.object({
  screen: z.enum(architectureScreens).default('gallery'),
  sort: z.enum(galleryColumns).default('total'),
  descending: z.boolean().default(true),
  /** Words that a row must hold. */
  filter: z.string().max(100).default(''),
  kind: z.enum(['all', 'dense', 'moe']).default('all'),
  /** Of the gallery, or `openedId`. */
  model: z.string().max(100).default('deepseek-v3'),
  changes: changesSchema.default({}),
  compared: z.array(z.string().max(100)).max(maxCompared).default([]),
  /** Storage format of the weights. */
  format: z.enum(['fp32', 'bf16', 'fp8', 'int8', 'int4', 'mxfp4', 'q8_0', 'q4_0', 'q4_k']).default('fp8'),
  /** Tokens that a sequence has. */
  context: z
    .int()
    .min(1)
    .max(2 ** 24)
    .default(8192),
  /** Sequences at once. */
  batch: z.int().min(1).max(4096).default(1),
  /** Of the presets, or the machine that it runs on, or `ownDeviceId`. */
  device: z.string().max(100).default('h200-sxm-x8'),
  /** A device that the user described. */
  ownDevice: ownDeviceSchema.nullable().default(null),
  /** Source of the unique experts of a batch: random routing, or the open trace. */
  routing: z.enum(['random', 'trace']).default('random'),
  opened: openedConfigSchema.nullable().default(null)
})

export type ArchitectureChoices = z.infer<typeof architectureChoicesSchema>

export const defaultArchitectures: ArchitectureChoices = architectureChoicesSchema.parse({})

/** Choices that are typed or dragged. */
export const gradualArchitectureChoices = [
  'filter',
  'context',
  'batch'
] as const satisfies readonly (keyof ArchitectureChoices)[]
