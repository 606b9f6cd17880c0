/** A training as its file asks for it: architecture, corpus and recipe, in the words of people. */

import { z } from 'zod'
import type { Architecture, RouterSpec } from '../arch/architecture'
import { topKRouterSpec } from '../arch/architecture'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { readConfig } from '../arch/runnable'
import { type Edition, tokenizer } from '../corpus'
import { FormatError } from '../formats/format-error'
import {
  type CorpusSpec,
  corpusKindError,
  corpusSpecSchema,
  distillationSchema,
  generatedCorpusSchema,
  inEdition,
  recipeSchema
} from '../formats/training-report'
import { reasonOf } from '../reason'
import { routerSpecSchema } from '../routers'

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

/** Generated text, of an edition that may be left open. */
const generatedSchema = generatedCorpusSchema.extend({
  world: corpusSpecSchema.shape.world
    .unwrap()
    .extend({ edition: z.union([z.literal(1), z.literal(2)]).optional() })
    .prefault({})
})

const textSchema = z.strictObject({
  kind: z.literal('text'),
  /** A path from the folder of the spec. */
  file: z.string().min(1),
  /** Part of the training windows that are of the file; the others are of generated text. */
  share: z.number().gt(0).max(1).default(1),
  generated: generatedSchema.prefault({})
})

const corpusSchema = z.discriminatedUnion('kind', [generatedSchema, textSchema], { error: corpusKindError })

/** The id of a shipped model, or a folder, whose path counts from that of the spec. */
const modelName = z.string().min(1)

/** A training as a file asks for it. */
export const trainFileSchema = z.strictObject({
  /** May be left out where `from` says it. */
  architecture: architectureSchema.optional(),
  corpus: corpusSchema.prefault({}),
  recipe: recipeSchema,
  /** Transforms as `moescope compress --with` takes them. */
  from: z.strictObject({ model: modelName, transforms: z.array(z.string()).min(1).optional() }).optional(),
  teacher: distillationSchema.extend({ model: modelName }).optional()
})

export type TrainFile = z.infer<typeof trainFileSchema>

/** The generated text that a spec asks for, of this edition where it leaves that open. */
export function generatedCorpus(
  { kind: _kind, world: { edition: asked, ...world }, ...corpus }: z.infer<typeof generatedSchema>,
  edition: Edition
): CorpusSpec {
  return inEdition({ ...corpus, world }, asked ?? edition)
}

/** The architecture that a spec asks for; throws a `FormatError` when there can be none, or it asks for none. */
export function architectureOf(spec: TrainFile['architecture']): Architecture {
  if (!spec) throw new FormatError('architecture: expected one, or a model in from, whose architecture it is then')
  const architecture = within(() => build(spec))
  if (architecture.vocabularySize !== tokenizer.size) {
    throw new FormatError(
      `architecture: vocab_size is ${architecture.vocabularySize}, but the generated corpus has ${tokenizer.size} characters`
    )
  }
  return architecture
}

function build(spec: NonNullable<TrainFile['architecture']>): Architecture {
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
    throw new FormatError(`architecture: ${reasonOf(error)}`, { cause: error })
  }
}
