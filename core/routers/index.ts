/** Every router. */
import { z } from 'zod'
import type { MoeFeedForward, RouterSpec } from '../arch/architecture'
import { FormatError } from '../formats/format-error'
import { capacityRouter } from './capacity'
import { expertChoiceRouter } from './expert-choice'
import { groupedRouter } from './grouped'
import { hashRouter } from './hash'
import { lossFreeRouter } from './loss-free'
import { noisyTopKRouter } from './noisy-top-k'
import { randomRouter } from './random'
import { reluRouter } from './relu'
import type { LayerRouter, Router } from './router'
import { sigmoidRouter } from './sigmoid'
import { topKRouter } from './top-k'
import { topPRouter } from './top-p'

export const routers: readonly [Router, ...Router[]] = [
  topKRouter,
  capacityRouter,
  noisyTopKRouter,
  lossFreeRouter,
  sigmoidRouter,
  expertChoiceRouter,
  hashRouter,
  randomRouter,
  reluRouter,
  topPRouter
]

/** Routers that checkpoints of other software have and that nothing is trained with here. */
const ofCheckpoints: readonly Router[] = [groupedRouter]

const [first, ...others] = routers

/** A router as specs and files write it; settings that are left out get their defaults. */
export const routerSpecSchema = z
  .discriminatedUnion('kind', [schemaOf(first), ...others.map(schemaOf)], {
    error: ({ code }) => (code === 'invalid_union' ? `expected one of ${kinds()}` : undefined)
  })
  .transform(({ kind, ...settings }): RouterSpec => ({ kind: String(kind), ...settings }))

/**
 * The router of a layer of a model of a width. Throws a `FormatError` for a kind that there is not, and for settings that
 * are wrong or do not fit the layer.
 */
export function routerOf(shape: MoeFeedForward, width: number): LayerRouter {
  return routerOfKind(shape.router.kind).of(shape, width)
}

/** Throws a `FormatError` for a kind that there is not. */
export function routerOfKind(kind: string): Router {
  const found = [...routers, ...ofCheckpoints].find((each) => each.kind === kind)
  if (!found) throw new FormatError(`router '${kind}': expected one of ${kinds()}`)
  return found
}

function schemaOf({ kind, settings }: Router) {
  return settings.extend({ kind: z.literal(kind) })
}

function kinds(): string {
  return routers.map(({ kind }) => kind).join(', ')
}
