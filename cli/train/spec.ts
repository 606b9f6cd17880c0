/** The spec that `moescope train` reads: architecture, corpus and recipe of a training. */
import type { Architecture, RouterSpec } from '@core/arch/architecture'
import { topKRouterSpec } from '@core/arch/architecture'
import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import { readConfig } from '@core/arch/runnable'
import { currentEdition, tokenizer } from '@core/corpus'
import { corpusSpecSchema, inEdition, recipeSchema } from '@core/formats/training-report'
import { routerSpecSchema } from '@core/routers'
import { z } from 'zod'
import { reasonOf } from '../../node/reason'
import { FailureError } from '../terminal/errors'

const size = z.int().positive()
const shape = {
  width: size,
  layers: size.optional(),
  heads: size.optional(),
  context: size.optional(),
  shared_layers: z.boolean().optional()
}

const denseSchema = z.strictObject({ kind: z.literal('dense'), ...shape, feed_forward_width: size.optional() })

const moeSchema = z.strictObject({
  kind: z.literal('moe'),
  ...shape,
  experts: size.optional(),
  top_k: size.optional(),
  expert_width: size.optional(),
  router: routerSpecSchema.optional(),
  /** Of the top-k router; specs from before there were others have it here. */
  normalise_gates: z.boolean().optional(),
  shared_width: z.int().nonnegative().optional()
})

const configSchema = z.strictObject({ kind: z.undefined().optional(), config: z.record(z.string(), z.unknown()) })

const architectureSchema = z.discriminatedUnion('kind', [denseSchema, moeSchema, configSchema], {
  error: ({ code }) => (code === 'invalid_union' ? "expected 'dense' or 'moe', or config instead of kind" : undefined)
})

export const trainSpecSchema = z.strictObject({
  architecture: architectureSchema,
  corpus: corpusSpecSchema
    .prefault({})
    .transform((corpus) => inEdition(corpus, corpus.world.edition ?? currentEdition)),
  recipe: recipeSchema
})

export type TrainSpec = z.infer<typeof trainSpecSchema>

/** The architecture that a spec asks for; throws a `FailureError` when there can be none. */
export function architectureOf(spec: TrainSpec['architecture']): Architecture {
  const architecture = within(() => build(spec))
  if (architecture.vocabularySize !== tokenizer.size) {
    throw new FailureError(
      `architecture: vocab_size is ${architecture.vocabularySize}, but the generated corpus has ${tokenizer.size} characters`
    )
  }
  return architecture
}

function build(spec: TrainSpec['architecture']): Architecture {
  if ('config' in spec) return readConfig(spec.config)
  const { kind, ...given } = spec
  const named = Object.entries(given).map(([key, value]) => [camelCase(key), value] as const)
  const asked = { ...Object.fromEntries(named), width: spec.width, vocabularySize: tokenizer.size }
  return kind === 'dense' ? denseArchitecture(asked) : moeArchitecture({ ...asked, ...routerOf(spec) })
}

function routerOf({ router, normalise_gates: normalised }: z.infer<typeof moeSchema>): { router?: RouterSpec } {
  if (normalised === undefined) return router ? { router } : {}
  if (router) throw new RangeError('normalise_gates: expected it within router, which is given too')
  return { router: topKRouterSpec(normalised) }
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
}

function within<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new FailureError(`architecture: ${reasonOf(error)}`, { cause: error })
  }
}
