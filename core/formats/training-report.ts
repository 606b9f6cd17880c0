/** `training.json`: how a model was trained, on what, and what came out. */
import { z } from 'zod'
import { domainIds, textDomainIds } from '../corpus/domain-ids'
import { currentEdition, type Edition } from '../corpus/edition'
import { jsonBy } from './json'

/**
 * The recipe of a training: everything that decides the result besides the architecture and the backend. The defaults
 * are those of the shipped models.
 */
export const recipeSchema = z.strictObject({
  /** Of the initial weights and of the order of the windows. */
  seed: z.int().nonnegative().default(1),
  /** Characters to train on, counted as steps x batch x context. */
  characters: z.int().positive().default(8_000_000),
  /** Windows of a step. */
  batch: z.int().positive().default(32),
  /** Peak learning rate. */
  learning_rate: z.number().positive(),
  /** Steps over which the learning rate rises linearly. */
  warmup_steps: z.int().nonnegative().default(80),
  /** The learning rate falls to this part of its peak; 1 keeps it constant. */
  final_rate: z.number().min(0).max(1).default(0.03),
  /** The learning rate falls evenly; absent, along a cosine. */
  decay: z.literal('linear').exactOptional(),
  beta1: z.number().min(0).max(1).default(0.9),
  beta2: z.number().min(0).max(1).default(0.98),
  epsilon: z.number().positive().default(1e-8),
  weight_decay: z.number().min(0).default(0.01),
  /** Largest norm of the whole gradient. */
  clip: z.number().positive().default(1),
  /** Weight of the load-balance loss of each MoE layer. */
  balance_loss: z.number().min(0).default(0.01),
  /** Weight of the router z-loss of each MoE layer. */
  z_loss: z.number().min(0).default(0)
})

export type Recipe = z.infer<typeof recipeSchema>

/** The part of a teacher in a student's loss: `(1 - share) cross-entropy + share T^2 KL(teacher || student)`. */
export const distillationSchema = z.strictObject({
  /** Above 0, or there would be no teacher, up to 1, the teacher alone. */
  share: z.number().gt(0).max(1).default(0.5),
  /** T, which softens the probabilities of both. */
  temperature: z.number().gt(0).max(1000).default(2)
})

/** A transform that makes a model smaller, with its settings, as `core/compress` reads it. */
export const transformSpecSchema = z.object({ id: z.string() }).catchall(z.union([z.string(), z.number(), z.boolean()]))

/** A model, by its id and the SHA-256 of its `model.safetensors`. */
const modelNamed = { id: z.string(), weights: z.string() }

/** Shares of characters by domain, of which only the ratios matter. */
export const sharesSchema = z.partialRecord(z.enum(domainIds), z.number().min(0))

/** Which generated corpus a model is trained and validated on. */
export const corpusSpecSchema = z.strictObject({
  world: z
    .strictObject({
      /** Absent in reports of before there was a second. */
      edition: z.literal(2).optional(),
      seed: z.int().nonnegative().default(7),
      names: z.int().positive().default(1024),
      pairs: z.int().positive().default(2048),
      keys: z.int().positive().default(2048)
    })
    .prefault({}),
  seed: z.int().nonnegative().default(1),
  /** Characters of the training text, from which windows are drawn with replacement. */
  characters: z.int().positive().default(10_000_000),
  /** Characters of the validation text. */
  validation_characters: z.int().positive().default(260_000),
  /** Of both texts; absent, those of the edition. */
  shares: sharesSchema
    .refine((shares) => Object.values(shares).some((share) => share > 0), 'expected a share above 0')
    .exactOptional()
})

export type CorpusSpec = z.infer<typeof corpusSpecSchema>

/** SHA-256 as hexadecimal digits. */
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 of 64 hexadecimal digits')

/** A text of the user's, alone or among generated text. Its entropy is not known. */
export const textCorpusSchema = z.strictObject({
  kind: z.literal('text'),
  /** Of the text as it is read (`OwnText.text`), in UTF-8. */
  sha256: hash,
  /** Generated text that is read beside it. */
  beside: z
    .strictObject({
      /** Part of the training windows that are of the user's text. */
      share: z.number().gt(0).lt(1),
      corpus: corpusSpecSchema
    })
    .exactOptional()
})

/** Specs of generated text have no kind: there were no others. */
export const generatedCorpusSchema = corpusSpecSchema.extend({ kind: z.undefined().optional() })

/** The message for a corpus of an unknown kind. */
export const corpusKindError: z.core.$ZodErrorMap = ({ code }) =>
  code === 'invalid_union' ? "expected 'text', or no kind for generated text" : undefined

/** Everything that a model can be trained on: generated text or the user's. */
export const trainingCorpusSchema = z.discriminatedUnion('kind', [generatedCorpusSchema, textCorpusSchema], {
  error: corpusKindError
})

export type TrainingCorpus = CorpusSpec | z.infer<typeof textCorpusSchema>

/** The generated text that a model is trained on; undefined for one that reads the user's alone. */
export function generatedText(corpus: TrainingCorpus): CorpusSpec | undefined {
  return 'kind' in corpus ? corpus.beside?.corpus : corpus
}

/** The corpus that models are trained on unless something else is asked for. */
export const currentCorpus: CorpusSpec = inEdition(corpusSpecSchema.parse({}), currentEdition)

/** A corpus as an edition has it. */
export function inEdition(
  { world: { edition: _edition, ...world }, ...corpus }: CorpusSpec,
  edition: Edition
): CorpusSpec {
  return { world: edition === 1 ? world : { edition, ...world }, ...corpus }
}

/** NaN for a group without a whole document in the validation text; JSON writes it as null. */
const groupLoss = z
  .number()
  .nullable()
  .transform((loss) => loss ?? Number.NaN)

const answerScore = z.object({
  /** Mean nats per character of the answers. */
  loss: groupLoss,
  characters: z.int(),
  /** Answers of which every character is the most likely one, and all. */
  right: z.int(),
  total: z.int()
})

/** Losses of answers: of each group, of each domain, and of each difficulty where they differ in it. */
const answersSchema = z.object({
  memory: answerScore,
  computation: answerScore,
  domains: z.partialRecord(
    z.enum(domainIds),
    z.object({ ...answerScore.shape, by_difficulty: z.array(z.object({ difficulty: z.int(), ...answerScore.shape })) })
  )
})

const domainLosses = z.partialRecord(z.enum(textDomainIds), z.number())

/** Losses after so many steps; in nats per character over whole documents of the validation text. */
export const validationPointSchema = z.object({
  step: z.int().nonnegative(),
  /** Characters trained on so far. */
  characters: z.int().nonnegative(),
  loss: z.number(),
  memory: groupLoss,
  computation: groupLoss,
  domains: domainLosses,
  /** Absent in reports of before answers were scored. */
  answers: answersSchema.optional()
})

/** The model that transforms made smaller, and what they could look at. */
const compressedFromSchema = z.object({
  id: z.string(),
  /** SHA-256 of its `model.safetensors`. */
  weights: z.string(),
  /** Its own `result.loss`, on the same validation text. */
  loss: z.number(),
  /** Characters of training text that transforms could look at. */
  calibration_characters: z.int().positive(),
  /** Of what was drawn at random. */
  seed: z.int().nonnegative()
})

export type CompressedFrom = z.infer<typeof compressedFromSchema>

export type ValidationPoint = z.infer<typeof validationPointSchema>

/** `training.json`: what was really run, and what came out. */
export const trainingReportSchema = z.object({
  format: z.literal('moescope.training/1'),
  /** The model's config.json; absent in reports of before it stood here, too. */
  config: z.record(z.string(), z.unknown()).exactOptional(),
  /** The model with whose weights it began, and what had made it smaller before; absent, random ones. */
  from: z.object({ ...modelNamed, transforms: z.array(transformSpecSchema).exactOptional() }).exactOptional(),
  /** The model that it followed beside its text; absent, none. */
  teacher: z.object({ ...distillationSchema.shape, model: z.object(modelNamed) }).exactOptional(),
  corpus: trainingCorpusSchema,
  /**
   * The transforms that made the model smaller after its training, in their order with their settings; its `result` and
   * `assignments` were measured after them. Absent where there was none.
   */
  compression: z.array(transformSpecSchema).exactOptional(),
  /** The model that the last of these transforms were applied to; absent in reports of before it was noted. */
  compressed_from: compressedFromSchema.exactOptional(),
  recipe: recipeSchema,
  steps: z.int().positive(),
  characters: z.int().positive(),
  /** Floating-point operations of forward and backward passes, by the count in `core/arch/count.ts`. */
  flops: z.number(),
  /** Seconds in train steps, validation apart. */
  seconds: z.number(),
  backend: z.string(),
  threads: z.int(),
  machine: z.string(),
  versions: z.record(z.string(), z.string()),
  /** Mean training loss of up to 100 equal stretches: `[last step, nats per character]`. */
  training_loss: z.array(z.tuple([z.int(), z.number()])),
  /** On the first part of the validation text; the last point is `result`, on all of it. */
  curve: z.array(validationPointSchema),
  result: validationPointSchema,
  /** Entropy of the corpus, in nats per character; absent where a text of the user's is part of it. */
  floor: z.object({ total: z.number(), domains: domainLosses }).exactOptional(),
  /**
   * Validation assignments by `[MoE layer][expert][domain]`, the last of the user's text where there is one; empty for a
   * dense model.
   */
  assignments: z.array(z.array(z.array(z.int())))
})

export type TrainingReport = z.infer<typeof trainingReportSchema>

/** Reads a report. Throws a `FormatError` that names `place`. */
export function readTrainingReport(bytes: Uint8Array, place = 'training.json'): TrainingReport {
  return jsonBy(trainingReportSchema, bytes, place)
}
