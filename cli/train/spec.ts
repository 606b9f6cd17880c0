/** The spec that `moescope train` reads: architecture, corpus and recipe of a training. */
import { dirname, resolve } from 'node:path'
import type { Architecture, RouterSpec } from '@core/arch/architecture'
import { topKRouterSpec } from '@core/arch/architecture'
import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import { readConfig } from '@core/arch/runnable'
import { currentEdition, type Edition, type OwnText, readOwnText, tokenizer } from '@core/corpus'
import {
  type CorpusSpec,
  corpusKindError,
  corpusSpecSchema,
  distillationSchema,
  generatedCorpusSchema,
  inEdition,
  recipeSchema,
  type TrainingCorpus
} from '@core/formats/training-report'
import { sha256 } from '@core/lab/run-id'
import { routerSpecSchema } from '@core/routers'
import { z } from 'zod'
import { reasonOf } from '../../node/reason'
import { FailureError } from '../terminal/errors'
import { readExisting } from '../terminal/files'

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

export const trainSpecSchema = z.strictObject({
  /** May be left out where `from` says it. */
  architecture: architectureSchema.optional(),
  corpus: corpusSchema.prefault({}),
  recipe: recipeSchema,
  /** Transforms as `moescope compress --with` takes them. */
  from: z.strictObject({ model: modelName, transforms: z.array(z.string()).min(1).optional() }).optional(),
  teacher: distillationSchema.extend({ model: modelName }).optional()
})

export type TrainSpec = z.infer<typeof trainSpecSchema>

/** The corpus of a spec, and the user's text where it asks for one. */
export interface AskedCorpus {
  readonly corpus: TrainingCorpus
  readonly own: OwnText | undefined
}

/**
 * Reads the text that a spec names, if it names one. Throws a `FailureError` or a `FormatError` when it cannot be learnt.
 *
 * @param specPath of the spec, from whose folder the path of the text counts
 * @param edition of the generated text where the spec leaves it open
 */
export async function askedCorpus(
  { corpus }: Pick<TrainSpec, 'corpus'>,
  specPath: string,
  edition: Edition = currentEdition
): Promise<AskedCorpus> {
  if (!('file' in corpus)) return { corpus: generatedCorpus(corpus, edition), own: undefined }
  const { file, share, generated } = corpus
  const path = resolve(dirname(specPath), file)
  const own = readOwnText(await readExisting(path), path)
  const text = { kind: 'text' as const, sha256: await sha256(own.text) }
  return {
    corpus: share === 1 ? text : { ...text, beside: { share, corpus: generatedCorpus(generated, edition) } },
    own
  }
}

/** The generated text that a spec asks for, of this edition where it leaves that open. */
export function generatedCorpus(
  { kind: _kind, world: { edition: asked, ...world }, ...corpus }: z.infer<typeof generatedSchema>,
  edition: Edition
): CorpusSpec {
  return inEdition({ ...corpus, world }, asked ?? edition)
}

/** The architecture that a spec asks for; throws a `FailureError` when there can be none, or it asks for none. */
export function architectureOf(spec: TrainSpec['architecture']): Architecture {
  if (!spec) throw new FailureError('architecture: expected one, or a model in from, whose architecture it is then')
  const architecture = within(() => build(spec))
  if (architecture.vocabularySize !== tokenizer.size) {
    throw new FailureError(
      `architecture: vocab_size is ${architecture.vocabularySize}, but the generated corpus has ${tokenizer.size} characters`
    )
  }
  return architecture
}

function build(spec: NonNullable<TrainSpec['architecture']>): Architecture {
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
