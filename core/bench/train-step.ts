import type { Architecture } from '../arch/architecture'
import { recipeSchema } from '../formats/training-report'
import { chooseTrainingDispatch } from '../model/experts/choose'
import { trainStep } from '../model/train-step'
import type { Backend } from '../runtime/backend'
import { float32, int32, processorOf } from '../runtime/backend'
import { stepOptions } from '../train/recipe'

/** Windows of the train step that is timed. */
export const timedBatch = 16

/** One train step on given weights, to be timed: it never changes them. */
export async function trainStepToTime(backend: Backend, architecture: Architecture, weights: Float32Array) {
  const recipe = recipeSchema.parse({ learning_rate: 1e-3, batch: timedBatch })
  const { context, vocabularySize } = architecture
  const dispatch = chooseTrainingDispatch(processorOf(backend), timedBatch * context)
  const session = await backend.load(trainStep(architecture, dispatch, stepOptions(recipe, context)))
  const moments = float32(new Float32Array(weights.length))
  const tokens = int32(Int32Array.from({ length: timedBatch * context }, (_, i) => (i * 7 + (i >> 3)) % vocabularySize))
  const rates = float32(Float32Array.of(recipe.learning_rate, 1, 1))
  const inputs = { first_moment: moments, second_moment: moments, tokens, targets: tokens, rates }
  return { session, run: () => session.run({ ...inputs, parameters: float32(weights) }) }
}
