/** Choices of the Lab: one to four models to train, and how they are looked at. */
import { domainIds } from '@core/corpus/domain-ids'
import { distillationSchema, sharesSchema, transformSpecSchema } from '@core/formats/training-report'
import { modelReferenceSchema } from '@core/lab/model-reference'
import { routerSpecSchema } from '@core/routers'
import { z } from 'zod'

/** Characters to train on; the shipped models saw 8 million. */
export const trainingCharacters = [100_000, 250_000, 500_000, 1_000_000, 2_000_000, 8_000_000] as const

/** Characters of a text that is read again and again. */
export const textCharacters = [10_000, 30_000, 100_000, 300_000, 1_000_000] as const

export const trainingCheckpoints = [0, 4, 8, 16] as const

/**
 * That of the shipped models, a world so small that its facts can be learnt within a minute, or one of the user's.
 */
export const trainingTexts = ['shipped', 'small', 'own'] as const

/** Generated text that is read beside the user's. */
export const textsBeside = ['none', 'shipped', 'small'] as const

/** The course of the learning rate after its warm-up. */
export const learningRateSchedules = ['cosine', 'linear', 'constant'] as const

/** Limits of the numbers that are typed. */
export const trainingLimits = {
  width: [8, 512],
  layers: [1, 8],
  heads: [1, 32],
  experts: [2, 256],
  topK: [1, 16],
  hidden: [1, 4096],
  seed: [0, 999_999],
  characters: [10_000, 100_000_000],
  textCharacters: [1000, 10_000_000],
  batch: [1, 256],
  context: [16, 256],
  warmupSteps: [0, 100_000]
} as const

/** A text of the user's as it was opened; the text itself is kept by its hash (`state/own-texts.ts`). */
const ownTextSchema = z.object({
  name: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  documents: z.int().positive(),
  /** Characters that are trained on, and those that are kept for validation. */
  training: z.int().nonnegative(),
  validation: z.int().nonnegative(),
  /** Characters that are read as others, and those that are left out, the most frequent of them first. */
  changed: z.int().nonnegative(),
  left: z.int().nonnegative(),
  leftOut: z.array(z.object({ character: z.string(), count: z.int().positive() }))
})

export type ChosenText = z.infer<typeof ownTextSchema>

const int = ([least, most]: readonly [number, number]) => z.int().min(least).max(most)

/** A training that begins with drawn weights, and follows no teacher. */
const aloneSchema = z.object({
  kind: z.enum(['dense', 'moe']).default('moe'),
  width: int(trainingLimits.width).default(32),
  layers: int(trainingLimits.layers).default(2),
  heads: int(trainingLimits.heads).default(4),
  /** True where all layers have the same weights. */
  sharedLayers: z.boolean().default(false),
  /** Hidden width of a dense feed-forward; absent, 8/3 of the width. */
  feedForwardWidth: int(trainingLimits.hidden).exactOptional(),
  experts: int(trainingLimits.experts).default(16),
  topK: int(trainingLimits.topK).default(2),
  /** Hidden width of an expert; absent, half of the usual dense feed-forward. */
  expertWidth: int(trainingLimits.hidden).exactOptional(),
  /** Hidden width of the shared expert; 0 for none. */
  sharedWidth: z.int().min(0).max(4096).default(0),
  /** Absent, it is top-k, whose gates are normalised but for top-1. */
  router: routerSpecSchema.exactOptional(),
  /** Coefficient of the load-balancing loss; 0 lets the router collapse. */
  balanceLoss: z.number().min(0).max(1).default(0.01),
  text: z.enum(trainingTexts).default('shipped'),
  /** Absent before one is opened. */
  own: ownTextSchema.exactOptional(),
  beside: z.enum(textsBeside).default('none'),
  /** Part of the windows that are of the user's text, where generated text is read beside it. */
  ownShare: z.number().min(0.01).max(0.99).default(0.5),
  characters: int(trainingLimits.characters).default(500_000),
  /** Characters of the text, which is read again where the training is longer; absent, as many as are of use. */
  textCharacters: int(trainingLimits.textCharacters).exactOptional(),
  /** Shares of characters by domain; absent, those of the text's edition. */
  shares: sharesSchema.exactOptional(),
  /** Windows of a step. */
  batch: int(trainingLimits.batch).default(32),
  /** Characters of a window. */
  context: int(trainingLimits.context).default(64),
  /** Peak learning rate; absent, that of the shipped model of the nearest width. */
  learningRate: z.number().min(1e-6).max(1).exactOptional(),
  schedule: z.enum(learningRateSchedules).default('cosine'),
  /** Steps over which the learning rate rises. */
  warmupSteps: int(trainingLimits.warmupSteps).default(80),
  /** The last learning rate, as a part of its peak; of a constant one it is 1, whatever is chosen. */
  finalRate: z.number().min(0).max(1).default(0.03),
  /** Number of checkpoints, the last model among them; of MoE models only. */
  checkpoints: z.int().min(0).max(32).default(8),
  seed: int(trainingLimits.seed).default(1)
})

export type AloneChoices = z.infer<typeof aloneSchema>

/** A model that is here, and the number of its parameters; or a training whose model it is, once that has ended. */
const hereSchema = modelReferenceSchema.extend({ parameters: z.int().positive() })
const trainedSchema = z.strictObject({ training: aloneSchema })

export type ChosenModel = z.infer<typeof hereSchema> | z.infer<typeof trainedSchema>

/** The transforms of core/compress that set single weights to 0, which stay 0 while the others are trained on. */
export const pruningIds = ['magnitude', 'wanda', 'random'] as const

/** Transforms that make a model smaller before it is trained on. */
const smaller = { transforms: z.array(transformSpecSchema).min(1).exactOptional() }

export const trainingChoicesSchema = aloneSchema.extend({
  /** A model with whose weights it begins, of the same shape once it is made smaller; absent, they are drawn. */
  from: z.union([hereSchema.extend(smaller), trainedSchema.extend(smaller)]).exactOptional(),
  /** A model that it follows beside its text, and how. */
  teacher: z.object({ ...distillationSchema.shape, model: z.union([hereSchema, trainedSchema]) }).exactOptional()
})

export type TrainingChoices = z.infer<typeof trainingChoicesSchema>

export const defaultTraining: TrainingChoices = trainingChoicesSchema.parse({})

export const labAxes = ['steps', 'tokens', 'flops', 'seconds'] as const
export type LabAxis = (typeof labAxes)[number]

/** All documents, those of a group of domains, or those of one. */
export const curveParts = ['all', 'memory', 'computation', ...domainIds] as const
export type CurvePart = (typeof curveParts)[number]

/** Means over none, a fiftieth and a tenth of the steps of a run. */
export const smoothings = ['none', 'some', 'much'] as const
export type Smoothing = (typeof smoothings)[number]

/** A quantity in which a run is kept equal to another one. */
export const lockedQuantities = ['active', 'total', 'flops', 'time'] as const
export type LockedQuantity = (typeof lockedQuantities)[number]

const lockSchema = z.object({ to: z.int().min(0).max(3), in: z.enum(lockedQuantities) })

/** A model to train, and perhaps the run that it is kept equal to. */
export const labRunSchema = z.object({ ...trainingChoicesSchema.shape, lock: lockSchema.exactOptional() })

export type LabRun = z.infer<typeof labRunSchema>

const inSmallWorld = (choices: Partial<TrainingChoices>): LabRun =>
  labRunSchema.parse({ text: 'small', characters: 1_000_000, ...choices })

/**
 * A dense model, two MoE models of equal active parameters, and a dense model of equal total: the figures of the first
 * tries are in the note on the small world.
 */
export const defaultRuns: readonly LabRun[] = [
  inSmallWorld({ kind: 'dense' }),
  inSmallWorld({ kind: 'moe' }),
  inSmallWorld({ kind: 'moe', experts: 8, topK: 1, expertWidth: 88 }),
  inSmallWorld({ kind: 'dense', width: 80 })
]

export const mostRuns = 4

export const labChoicesSchema = z.object({
  runs: z
    .array(labRunSchema)
    .min(1)
    .max(mostRuns)
    .default([...defaultRuns]),
  /** Place of the run whose fields are shown. */
  edited: z.int().min(0).max(3).default(0),
  along: z.enum(labAxes).default('tokens'),
  scale: z.enum(['linear', 'log']).default('log'),
  shows: z.enum(['loss', 'answers']).default('loss'),
  /** The documents whose losses or answers are drawn. */
  part: z.enum(curveParts).default('all'),
  smoothing: z.enum(smoothings).default('none'),
  /** The part of the axis that is shown, in its own values; null for all of it. */
  zoom: z.tuple([z.number(), z.number()]).nullable().default(null)
})

export type LabChoices = z.infer<typeof labChoicesSchema>

export const defaultLab: LabChoices = labChoicesSchema.parse({})

/** The Lab with one training, which was all that could be chosen before. */
export function labOf(training: TrainingChoices): LabChoices {
  return { ...defaultLab, runs: [training] }
}
