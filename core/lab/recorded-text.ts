/** The text that a model reads while it is recorded. */
import { z } from 'zod'

/** The text that a model reads. */
export const recordedTextSchema = z.discriminatedUnion('kind', [
  /** Text of the shipped models' world that they were not trained on, whole documents of at least so many characters. */
  z.strictObject({ kind: z.literal('generated'), characters: z.int().positive(), seed: z.int().nonnegative() }),
  /** Any text; `source` says where it comes from. */
  z.strictObject({ kind: z.literal('text'), text: z.string(), source: z.string() }),
  /** Tokens of the model's own vocabulary, one sequence from the first on: nothing is read before them. */
  z.strictObject({ kind: z.literal('ids'), ids: z.array(z.int().nonnegative()), source: z.string() })
])

export type RecordedText = z.infer<typeof recordedTextSchema>

/** Whose logits a recording keeps; they take far more room than the decisions. */
export const recordedLogitsSchema = z.enum(['none', 'routers', 'all'])
