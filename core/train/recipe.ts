import { z } from 'zod'

/**
 * How a model is trained; everything that decides the result besides the architecture and the backend. The defaults
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
  /** The learning rate falls along a cosine to this part of its peak. */
  final_rate: z.number().min(0).max(1).default(0.03),
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

/** Which generated corpus a model is trained and validated on. */
export const corpusSpecSchema = z.strictObject({
  world: z
    .strictObject({
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
  validation_characters: z.int().positive().default(260_000)
})

export type CorpusSpec = z.infer<typeof corpusSpecSchema>

/** Number of steps that a recipe takes at a context length. */
export function stepsOf({ characters, batch }: Recipe, context: number): number {
  return Math.max(1, Math.floor(characters / (batch * context)))
}

/** Learning rate of a step, counted from 0: linear warm-up, then a cosine (Loshchilov and Hutter 2017). */
export function learningRate(recipe: Recipe, step: number, steps: number): number {
  const warmup = recipe.warmup_steps > 0 ? Math.min(1, (step + 1) / recipe.warmup_steps) : 1
  const cosine = 0.5 * (1 + Math.cos((Math.PI * step) / steps))
  return recipe.learning_rate * warmup * (cosine * (1 - recipe.final_rate) + recipe.final_rate)
}

/** Steps after which a model is validated: log-spaced halvings of the whole, three quarters, and the end. */
export function validationSteps(steps: number): number[] {
  const halvings = Array.from({ length: 8 }, (_, i) => Math.round(steps / 2 ** i)).filter((step) => step >= 1)
  return [...new Set([...halvings, Math.round(steps * 0.75)])].sort((a, b) => a - b)
}
