/** Choices of the view of scaling laws. Large amounts are logarithms to base 10, as on their sliders. */
import { z } from 'zod'

export const scalingQuestions = [
  'law',
  'budget',
  'lifetime',
  'repeats',
  'experts',
  'family',
  'iso-flop',
  'small-text',
  'cost'
] as const

export type ScalingQuestion = (typeof scalingQuestions)[number]

export const lawAxes = ['parameters', 'tokens', 'flops'] as const

export type LawAxis = (typeof lawAxes)[number]

/** Amounts on sliders. */
export const scalingAmounts = [
  'parameters',
  'tokens',
  'flops',
  'served',
  'unique',
  'experts',
  'granularity',
  'utilisation',
  'pue',
  'speed'
] as const

const amount = (usual: number) => z.number().min(0).max(30).default(usual)

export const scalingChoicesSchema = z.object({
  question: z.enum(scalingQuestions).default('law'),
  /** Id of the law whose curve is drawn. */
  law: z.string().max(50).default('besiroglu2024'),
  along: z.enum(lawAxes).default('parameters'),
  /** Parameters. */
  parameters: amount(9),
  /** Tokens trained on. */
  tokens: amount(11.1),
  /** FLOPs of training. */
  flops: amount(23.8),
  /** Tokens that the model reads and writes afterwards. */
  served: amount(12),
  /** Different tokens. */
  unique: amount(10.4),
  /** Experts of an MoE layer, and how finely they are cut. */
  experts: z.number().min(1).max(4096).default(64),
  granularity: z.number().min(1).max(64).default(8),
  /** Quantity of the measured family to fit: `total`, or a domain. */
  quantity: z.string().max(50).default('total'),
  /** Device and site of the computation. */
  device: z.string().max(100).default('h100-sxm'),
  utilisation: z.number().min(0.01).max(1).default(0.4),
  watts: z.number().min(1).max(20_000).default(700),
  pue: z.number().min(1).max(3).default(1.1),
  gramsPerKwh: z.number().min(0).max(2000).default(385),
  /** Tokens per second of one device. */
  speed: amount(3)
})

export type ScalingChoices = z.infer<typeof scalingChoicesSchema>

export const defaultScaling: ScalingChoices = scalingChoicesSchema.parse({})
