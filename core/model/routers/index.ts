/** Every router. */
import { z } from 'zod'
import type { MoeFeedForward, RouterSpec } from '../../arch/architecture'
import { FormatError } from '../../formats/format-error'
import type { LayerRouter, Router } from './router'
import { topKRouter } from './top-k'

export const routers: readonly [Router, ...Router[]] = [topKRouter]

const [first, ...others] = routers

/** A router as specs and files write it; settings that are left out get their defaults. */
export const routerSpecSchema = z
  .discriminatedUnion('kind', [schemaOf(first), ...others.map(schemaOf)], {
    error: ({ code }) => (code === 'invalid_union' ? `expected one of ${kinds()}` : undefined)
  })
  .transform(({ kind, ...settings }): RouterSpec => ({ kind: String(kind), ...settings }))

/** The router of a layer. Throws a `FormatError` for a kind that there is not, and for wrong settings. */
export function routerOf(shape: MoeFeedForward): LayerRouter {
  const found = routers.find(({ kind }) => kind === shape.router.kind)
  if (!found) throw new FormatError(`router '${shape.router.kind}': expected one of ${kinds()}`)
  return found.of(shape)
}

function schemaOf({ kind, settings }: Router) {
  return settings.extend({ kind: z.literal(kind) })
}

function kinds(): string {
  return routers.map(({ kind }) => kind).join(', ')
}
