import { domainIds } from '@core/corpus/domain-ids'
import { currentEdition, type Edition } from '@core/corpus/edition'
import { maskedLayerSchema } from '@core/model/intervention'
import { z } from 'zod'

/** Widest settings that the screen offers; what lies outside is refused where it enters. */
export const limits = { tokens: 500, seed: 999_999, temperature: 2, pace: 1000, prompt: 4000 } as const

/** A token of one of the two texts: its model (0 left, 1 right) and its position in the text. */
export const tokenPlaceSchema = z.object({
  model: z.union([z.literal(0), z.literal(1)]),
  position: z.int().nonnegative()
})

export type TokenPlace = z.infer<typeof tokenPlaceSchema>

export const pairs = ['equal-active', 'equal-total', 'free'] as const

export type Pair = (typeof pairs)[number]

/** Languages that ask something: those of a score. */
export const languages = domainIds.filter((id) => id !== 'engl')

/** The first prompt, in words that the models trained on an edition know. */
export const defaultPrompts: Readonly<Record<Edition, string>> = { 1: 'bogo lives in ', 2: 'lucia lives in ' }

/** The task of two models, and the part of it that is looked at. */
export const compareChoicesSchema = z.object({
  prompt: z.string().max(limits.prompt).default(defaultPrompts[currentEdition]),
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
  /** Language whose questions make the score; `all` of them, each by itself. */
  score: z.enum(['none', 'all', ...languages]).default('none'),
  /** Experts that are switched off, by the id of their model. */
  expertsOff: z.record(z.string(), z.array(maskedLayerSchema)).default({}),
  /** The token that is looked into. */
  selected: tokenPlaceSchema.nullable().default(null),
  /** Tokens generated so far: a link shows the run again up to here. */
  shown: z.int().min(0).max(limits.tokens).default(0)
})

export type CompareChoices = z.infer<typeof compareChoicesSchema>

/** Choices that are typed, dragged or walked through. */
export const gradualCompareChoices = [
  'prompt',
  'temperature',
  'topP',
  'expertsOff',
  'selected'
] as const satisfies readonly (keyof CompareChoices)[]

/** The models that a pair stands for; a free pair keeps those that were chosen. */
export const pairModels: Readonly<Record<Exclude<Pair, 'free'>, Pick<CompareChoices, 'left' | 'right'>>> = {
  'equal-active': { left: 'dense-64', right: 'moe-64' },
  'equal-total': { left: 'dense-152', right: 'moe-64' }
}

/** The question that two models answer; a free pair where they are neither of the two. */
export function pairOf(left: string, right: string): Pair {
  const stands = (pair: Exclude<Pair, 'free'>) => pairModels[pair].left === left && pairModels[pair].right === right
  return (['equal-active', 'equal-total'] as const).find(stands) ?? 'free'
}

/** Tokens per second that the pace can be set to, from slow enough to explain to unlimited. */
export const paces = [2, 4, 10, 20, 40, 100, 0] as const
