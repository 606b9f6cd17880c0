import { z } from 'zod'
import { architectureChoicesSchema, defaultArchitectures } from '../architectures/choices'
import { defaultTraining, trainingChoicesSchema } from '../lab/choices'
import { defaultInspection, inspectionChoicesSchema } from '../routing/choices'
import { defaultScaling, scalingChoicesSchema } from '../scaling/choices'

/** Widest settings that the screen offers; what lies outside is refused where it enters. */
export const limits = { tokens: 500, seed: 999_999, temperature: 2, pace: 1000, prompt: 4000 } as const

/** What the app can show. */
export const views = ['home', 'compare', 'trace', 'train', 'architectures', 'scaling'] as const

export type ViewId = (typeof views)[number]

/** A token of one of the two texts: its model (0 left, 1 right) and its position in the text. */
export const tokenPlaceSchema = z.object({
  model: z.union([z.literal(0), z.literal(1)]),
  position: z.int().nonnegative()
})

export type TokenPlace = z.infer<typeof tokenPlaceSchema>

export const pairs = ['equal-active', 'equal-total', 'free'] as const

export type Pair = (typeof pairs)[number]

/**
 * Everything the user chose to look at. It drives links, saved states and tests, so it holds nothing that a run computes
 * and nothing that belongs to the machine: that is in the settings.
 */
export const choicesSchema = z.object({
  view: z.enum(views).default('home'),
  prompt: z.string().max(limits.prompt).default('bogo lives in '),
  /** Tokens to generate. */
  tokens: z.int().min(1).max(limits.tokens).default(80),
  seed: z.int().min(0).max(limits.seed).default(7),
  temperature: z.number().min(0).max(limits.temperature).default(0.7),
  topP: z.number().min(0.05).max(1).default(1),
  pair: z.enum(pairs).default('equal-active'),
  /** Id of the model on the left. */
  left: z.string().min(1).max(100).default('dense-64'),
  /** Id of the model on the right. */
  right: z.string().min(1).max(100).default('moe-64'),
  /** Tokens per second shown of each model; 0 is as fast as it computes. */
  pace: z.int().min(0).max(limits.pace).default(40),
  /** The token that is looked into. */
  selected: tokenPlaceSchema.nullable().default(null),
  training: trainingChoicesSchema.default(defaultTraining),
  inspection: inspectionChoicesSchema.default(defaultInspection),
  architectures: architectureChoicesSchema.default(defaultArchitectures),
  scaling: scalingChoicesSchema.default(defaultScaling),
  /** Tokens generated so far: a link shows the run again up to here. */
  shown: z.int().min(0).max(limits.tokens).default(0)
})

export type Choices = z.infer<typeof choicesSchema>

export const defaultChoices: Choices = choicesSchema.parse({})

/** The models that a pair stands for; a free pair keeps those that were chosen. */
export const pairModels: Readonly<Record<Exclude<Pair, 'free'>, Pick<Choices, 'left' | 'right'>>> = {
  'equal-active': { left: 'dense-64', right: 'moe-64' },
  'equal-total': { left: 'dense-152', right: 'moe-64' }
}

/** Tokens per second that the pace can be set to, from slow enough to explain to unlimited. */
export const paces = [2, 4, 10, 20, 40, 100, 0] as const
