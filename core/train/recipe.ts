import type { Recipe } from '../formats/training-report'
import type { TrainStepOptions } from '../model/train-step'

/** Number of steps that a recipe takes at a context length. */
export function stepsOf({ characters, batch }: Recipe, context: number): number {
  return Math.max(1, Math.floor(characters / (batch * context)))
}

/** Parts of a recipe that the graph of a train step needs. */
export function stepOptions(recipe: Recipe, context: number): TrainStepOptions {
  return {
    batch: recipe.batch,
    context,
    beta1: recipe.beta1,
    beta2: recipe.beta2,
    epsilon: recipe.epsilon,
    weightDecay: recipe.weight_decay,
    clip: recipe.clip,
    balanceLoss: recipe.balance_loss,
    zLoss: recipe.z_loss
  }
}

/**
 * Learning rate of a step, counted from 0: linear warm-up, and a fall along a cosine (Loshchilov and Hutter 2017) or
 * evenly.
 */
export function learningRate(recipe: Recipe, step: number, steps: number): number {
  const warmup = recipe.warmup_steps > 0 ? Math.min(1, (step + 1) / recipe.warmup_steps) : 1
  const left = recipe.decay === 'linear' ? 1 - step / steps : 0.5 * (1 + Math.cos((Math.PI * step) / steps))
  return recipe.learning_rate * warmup * (left * (1 - recipe.final_rate) + recipe.final_rate)
}

/** Steps after which a model is validated: log-spaced halvings of the whole, three quarters, and the end. */
export function validationSteps(steps: number): number[] {
  const halvings = Array.from({ length: 8 }, (_, i) => Math.round(steps / 2 ** i)).filter((step) => step >= 1)
  return [...new Set([...halvings, Math.round(steps * 0.75)])].sort((a, b) => a - b)
}
