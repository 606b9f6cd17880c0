/** The result of an evaluation. */
import { z } from 'zod'
import { domainIds } from '../../corpus'
import { jsonBy } from '../../formats/json'

/** The result of an evaluation; there from the loss on. */
export const evaluationName = 'evaluation.json'

const count = z.int().nonnegative()
const measured = {
  /** Mean nats per character. */
  loss: z.number(),
  /** Of the loss, over windows; null from fewer than two. */
  standardError: z.number().nullable(),
  tokens: count,
  /** Entropy of the corpus, nats per character; null where it is not known. */
  floor: z.number().nullable()
}
/** The share of right answers with Wilson's 95 % interval, and that of who guesses. */
const answered = {
  share: z.number(),
  low: z.number(),
  high: z.number(),
  right: count,
  total: count,
  chance: z.number()
}
const byDomain = <T extends z.ZodType>(value: T) => z.partialRecord(z.enum(domainIds), value)

const evaluationSchema = z.object({
  format: z.literal('moescope.evaluation/1'),
  model: z.string(),
  ...measured,
  domains: byDomain(z.object(measured)),
  answers: byDomain(z.object(answered)),
  /** The reason for which a model answers no questions, as a sentence. */
  unasked: z.string().exactOptional(),
  /** All languages have been asked that were to be. */
  whole: z.boolean()
})

/** An evaluation as it is kept. */
export type KeptEvaluation = z.infer<typeof evaluationSchema>

/** Reads `evaluation.json`. Throws a `FormatError` when it is damaged. */
export function readEvaluation(bytes: Uint8Array): KeptEvaluation {
  return jsonBy(evaluationSchema, bytes, evaluationName)
}
