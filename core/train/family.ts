/** The family of models that the product ships, trained alike on the same corpus. */
import type { Architecture } from '../arch/architecture'
import { topKRouterSpec } from '../arch/architecture'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import type { Edition } from '../corpus'
import { currentEdition, tokenizer } from '../corpus'
import type { Recipe } from '../formats/training-report'
import { recipeSchema } from '../formats/training-report'
import { routerSpecSchema } from '../routers'
import { usualLearningRate } from './learning-rates'

export interface FamilyMember {
  readonly id: string
  readonly architecture: Architecture
  readonly recipe: Recipe
  /** Number of seeds, counted from 1; the weights of seed 1 are shipped. */
  readonly seeds: number
  /** Number of checkpoints of the training of seed 1, the last model among them. */
  readonly checkpoints: number
}

const vocabularySize = tokenizer.size
/** As many layers of width 64 cost a token as much as the two of width 128. */
const deepLayers = 8

/** Enough seeds for an interval where a claim rests on a size. */
const manySeeds = 6

const topOne = { width: 64, experts: 8, topK: 1, expertWidth: 168, router: topKRouterSpec(false) } as const

/** Routers with which the hero is trained once more, by the ends of their names; each with its usual settings. */
const otherRouters = Object.fromEntries(
  ['loss-free', 'sigmoid', 'expert-choice'].map((kind) => [kind, routerSpecSchema.parse({ kind })])
)

/** The members by the edition of the corpus that they are trained on, those first that the main comparison needs. */
export const families: Readonly<Record<Edition, readonly FamilyMember[]>> = {
  1: [
    dense(64, { seeds: 3 }),
    moe('moe-64', { width: 64 }, { seeds: 3 }),
    dense(128, { seeds: 3 }),
    dense(96, { seeds: 3 }),
    dense(48, { seeds: 3 }),
    moe('moe-32', { width: 32 }, { seeds: 3 }),
    dense(32),
    dense(24),
    moe('moe-64-top1', topOne),
    moe('moe-64-unbalanced', { width: 64 }, { recipe: { balance_loss: 0 } }),
    moe('moe-64-shared', { width: 64, sharedWidth: 88 }),
    dense(152, { feedForwardWidth: 424 }),
    dense(192),
    moe('moe-128', { width: 128 })
  ],
  2: [
    dense(64, { seeds: manySeeds, checkpoints: 8 }),
    moe('moe-64', { width: 64 }, { seeds: manySeeds, checkpoints: 8 }),
    dense(128, { seeds: manySeeds }),
    dense(96, { seeds: manySeeds }),
    dense(48, { seeds: manySeeds }),
    moe('moe-32', { width: 32 }, { seeds: manySeeds }),
    dense(32),
    dense(24),
    moe('moe-64-top1', topOne),
    moe('moe-64-unbalanced', { width: 64 }, { recipe: { balance_loss: 0 } }),
    moe('moe-64-shared', { width: 64, sharedWidth: 88 }),
    moe('moe-64-fine', { width: 64, experts: 32, topK: 4, expertWidth: 44 }),
    dense(64, { id: 'dense-64-deep', layers: deepLayers }),
    dense(64, { id: 'dense-64-deep-shared', layers: deepLayers, sharedLayers: true }),
    moe('moe-64-deep', { width: 64, layers: deepLayers }),
    ...Object.entries(otherRouters).map(([name, router]) => moe(`moe-64-${name}`, { width: 64, router })),
    dense(152, { feedForwardWidth: 424 }),
    dense(192),
    moe('moe-128', { width: 128 })
  ]
}

/** The members that are shipped. */
export const family = families[currentEdition]

interface Training {
  /** Default 1. */
  readonly seeds?: number
  /** Default 0. */
  readonly checkpoints?: number
  readonly recipe?: Partial<Recipe>
}

interface DenseTraining extends Training {
  /** Default `dense-WIDTH`. */
  readonly id?: string
  readonly layers?: number
  readonly sharedLayers?: boolean
  readonly feedForwardWidth?: number
}

function dense(width: number, { id = `dense-${width}`, ...training }: DenseTraining = {}): FamilyMember {
  return member(id, denseArchitecture({ width, ...training, vocabularySize }), training)
}

function moe(
  id: string,
  shape: Omit<Parameters<typeof moeArchitecture>[0], 'vocabularySize'>,
  training: Training = {}
): FamilyMember {
  return member(id, moeArchitecture({ ...shape, vocabularySize }), training)
}

function member(
  id: string,
  architecture: Architecture,
  { seeds = 1, checkpoints = 0, recipe = {} }: Training = {}
): FamilyMember {
  const learning_rate = usualLearningRate(architecture.width)
  return { id, architecture, seeds, checkpoints, recipe: recipeSchema.parse({ learning_rate, ...recipe }) }
}
