/** The family of models that the product ships, trained alike on the same corpus. */
import type { Architecture } from '../arch/architecture'
import { topKRouterSpec } from '../arch/architecture'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { tokenizer } from '../corpus'
import type { Recipe } from '../formats/training-report'
import { recipeSchema } from '../formats/training-report'
import { usualLearningRate } from './learning-rates'

export interface FamilyMember {
  readonly id: string
  readonly architecture: Architecture
  readonly recipe: Recipe
  /** Number of seeds, counted from 1; the weights of seed 1 are shipped. */
  readonly seeds: number
}

const vocabularySize = tokenizer.size

/** Every member, the ones that the main comparison needs first. */
export const family: readonly FamilyMember[] = [
  dense(64, 3),
  moe('moe-64', { width: 64 }, 3),
  dense(128, 3),
  dense(96, 3),
  dense(48, 3),
  moe('moe-32', { width: 32 }, 3),
  dense(32),
  dense(24),
  moe('moe-64-top1', { width: 64, experts: 8, topK: 1, expertWidth: 168, router: topKRouterSpec(false) }),
  moe('moe-64-unbalanced', { width: 64 }, 1, { balance_loss: 0 }),
  moe('moe-64-shared', { width: 64, sharedWidth: 88 }),
  member('dense-152', denseArchitecture({ width: 152, feedForwardWidth: 424, vocabularySize })),
  dense(192),
  moe('moe-128', { width: 128 })
]

function dense(width: number, seeds = 1): FamilyMember {
  return member(`dense-${width}`, denseArchitecture({ width, vocabularySize }), seeds)
}

function moe(
  id: string,
  shape: Omit<Parameters<typeof moeArchitecture>[0], 'vocabularySize'>,
  seeds = 1,
  recipe: Partial<Recipe> = {}
): FamilyMember {
  return member(id, moeArchitecture({ ...shape, vocabularySize }), seeds, recipe)
}

function member(id: string, architecture: Architecture, seeds = 1, recipe: Partial<Recipe> = {}): FamilyMember {
  const learning_rate = usualLearningRate(architecture.width)
  return { id, architecture, seeds, recipe: recipeSchema.parse({ learning_rate, ...recipe }) }
}
