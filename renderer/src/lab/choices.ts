/** A model of one's own, as it is chosen on the screen. */
import type { Architecture, RouterSpec } from '@core/arch/architecture'
import { topKRouterSpec } from '@core/arch/architecture'
import { countParameters } from '@core/arch/count/count'
import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import { tokenizer } from '@core/corpus'
import { FormatError } from '@core/formats/format-error'
import { currentCorpus, recipeSchema } from '@core/formats/training-report'
import { routerSpecSchema } from '@core/routers'
import type { TrainingPlan } from '@core/train/fingerprint'
import { usualLearningRate } from '@core/train/learning-rates'
import { z } from 'zod'

export const trainingWidths = [24, 32, 48, 64, 96, 128] as const
export const trainingExperts = [2, 4, 8, 16, 32] as const
/** Characters to train on; the shipped models saw 8 million. */
export const trainingCharacters = [100_000, 250_000, 500_000, 1_000_000, 2_000_000, 8_000_000] as const

export const trainingCheckpoints = [0, 4, 8, 16] as const

export const trainingChoicesSchema = z.object({
  kind: z.enum(['dense', 'moe']).default('moe'),
  width: z.int().min(8).max(512).multipleOf(8).default(32),
  layers: z.int().min(1).max(8).default(2),
  experts: z.int().min(2).max(256).default(16),
  topK: z.int().min(1).max(16).default(2),
  /** Absent, it is top-k, whose gates are normalised but for top-1. */
  router: routerSpecSchema.exactOptional(),
  /** Coefficient of the load-balancing loss; 0 lets the router collapse. */
  balanceLoss: z.number().min(0).max(1).default(0.01),
  characters: z.int().min(10_000).max(100_000_000).default(500_000),
  /** Number of checkpoints, the last model among them; of MoE models only. */
  checkpoints: z.int().min(0).max(32).default(8),
  seed: z.int().min(0).max(999_999).default(1)
})

export type TrainingChoices = z.infer<typeof trainingChoicesSchema>

export const defaultTraining: TrainingChoices = trainingChoicesSchema.parse({})

/** The chosen router. With top-1 gates stay unnormalised: normalised they would be 1 and pass no gradient. */
export function chosenRouter({ router, topK }: TrainingChoices): RouterSpec {
  return router ?? topKRouterSpec(topK > 1)
}

/** The reason for which the choices make no model, such as groups that do not divide the experts; undefined for none. */
export function trainingProblem(choices: TrainingChoices): string | undefined {
  try {
    countParameters(chosenArchitecture(choices))
    return undefined
  } catch (error) {
    if (error instanceof FormatError || error instanceof RangeError) return error.message
    throw error
  }
}

/** The chosen architecture; throws a `RangeError` or, when it is counted, a `FormatError` where there is none. */
export function chosenArchitecture(choices: TrainingChoices): Architecture {
  const { kind, width, layers, experts, topK } = choices
  const shape = { width, layers, vocabularySize: tokenizer.size }
  if (kind === 'dense') return denseArchitecture(shape)
  return moeArchitecture({ ...shape, experts, topK: Math.min(topK, experts), router: chosenRouter(choices) })
}

/** The plan of a training, on the corpus of the shipped models and with their recipe. */
export function chosenPlan(choices: TrainingChoices): TrainingPlan {
  return {
    architecture: chosenArchitecture(choices),
    corpus: currentCorpus,
    recipe: recipeSchema.parse({
      learning_rate: usualLearningRate(choices.width),
      characters: choices.characters,
      balance_loss: choices.balanceLoss,
      seed: choices.seed
    })
  }
}
