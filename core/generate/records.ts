/** Step records of a run, as they are streamed to the screen, saved, and replayed. */
import { z } from 'zod'

/** Decision of one MoE layer's router for one token. */
export const tokenRoutingSchema = z.object({
  /** Index among all layers of the model. */
  layer: z.int().nonnegative(),
  /** The chosen experts, best first: `[k]`. */
  experts: z.array(z.int().nonnegative()),
  /** Weights of their outputs: `[k]`. */
  gates: z.array(z.number()),
  /** Softmax of the router's logits over all experts. */
  probabilities: z.array(z.number()),
  /** Which of the chosen experts had no room for the token; empty where nothing can be dropped. */
  dropped: z.array(z.int().nonnegative())
})

export type TokenRouting = z.infer<typeof tokenRoutingSchema>

export const candidateSchema = z.object({
  token: z.int().nonnegative(),
  text: z.string(),
  /** At temperature 1. */
  probability: z.number()
})

export type Candidate = z.infer<typeof candidateSchema>

/**
 * One token that a model has read: what its router did with it, and what the model expects next. The token that
 * follows is `next`: the prompt's own while the prompt lasts, then the one sampled here.
 */
export const stepRecordSchema = z.object({
  /** Position in the text, from 0: the newline that begins every text, then the prompt, then what was generated. */
  position: z.int().nonnegative(),
  token: z.int().nonnegative(),
  text: z.string(),
  source: z.enum(['prompt', 'generated']),
  /** One for each MoE layer; empty for a dense model. */
  routing: z.array(tokenRoutingSchema),
  next: z.object({
    token: z.int().nonnegative(),
    text: z.string(),
    /** Natural logarithm of its probability at temperature 1. */
    logprob: z.number(),
    /** The most probable tokens, best first. */
    candidates: z.array(candidateSchema)
  }),
  /**
   * Milliseconds in ONNX Runtime for this token; undefined for prompt tokens, which are read together, and where a full
   * context made the model read its last document again.
   */
  runtimeMs: z.number().optional(),
  /** Milliseconds of the whole step: preparing inputs, ONNX Runtime, sampling. */
  stepMs: z.number().optional()
})

export type StepRecord = z.infer<typeof stepRecordSchema>

/** Settings of generation. */
export const generationSettingsSchema = z.object({
  prompt: z.string(),
  /** Tokens to generate. */
  tokens: z.int().positive().max(2000),
  seed: z.int().nonnegative(),
  /** 0 always takes the most probable token. */
  temperature: z.number().min(0).max(4),
  /** Sampling is limited to the smallest set of tokens with this probability together (Holtzman et al. 2020). */
  topP: z.number().gt(0).max(1)
})

export type GenerationSettings = z.infer<typeof generationSettingsSchema>

/** The steps of one turn of one contestant. */
export interface Turn {
  /** Which contestant, by its place in the race. */
  readonly contestant: number
  /** One record, or those of the whole prompt in its first turn and of the text re-read in a restart. */
  readonly records: readonly StepRecord[]
  /** Milliseconds in ONNX Runtime for reading the prompt, the median of several reads; undefined in ordinary turns. */
  readonly prefillMs: number | undefined
}

/** Speed of a contestant in tokens per second: median and quartiles of its steps, each on its own clock. */
export interface Speed {
  readonly median: number
  readonly low: number
  readonly high: number
  /** Steps measured. */
  readonly steps: number
}
