import { z } from 'zod'
import { domainIds } from '../corpus'
import { corpusSpecSchema, recipeSchema } from './recipe'

const domainLosses = z.partialRecord(z.enum(domainIds), z.number())

/** Losses after so many steps; in nats per character over whole documents of the validation text. */
export const validationPointSchema = z.object({
  step: z.int().nonnegative(),
  /** Characters trained on so far. */
  characters: z.int().nonnegative(),
  loss: z.number(),
  memory: z.number(),
  computation: z.number(),
  domains: domainLosses
})

export type ValidationPoint = z.infer<typeof validationPointSchema>

/** `training.json`: what was really run, and what came out. */
export const trainingReportSchema = z.object({
  format: z.literal('moescope.training/1'),
  corpus: corpusSpecSchema,
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
  /** Entropy of the corpus, in nats per character. */
  floor: z.object({ total: z.number(), domains: domainLosses }),
  /** Validation assignments by `[MoE layer][expert][domain]`; empty for a dense model. */
  assignments: z.array(z.array(z.array(z.int())))
})

export type TrainingReport = z.infer<typeof trainingReportSchema>
