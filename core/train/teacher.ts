import type { Architecture } from '../arch/architecture'
import type { Distillation } from '../model/distillation'
import { sequenceLogits } from '../model/evaluation'
import { chooseEvaluationDispatch } from '../model/experts/choose'
import { type Backend, float32, floats, type HostTensor, int32, processorOf } from '../runtime/backend'

/** A model that a student follows: one of the same vocabulary, whatever its architecture. */
export interface Teacher extends Distillation {
  readonly architecture: Architecture
  /** All weights as the flat vector of `parameterLayout`. */
  readonly parameters: Float32Array
}

export interface LoadedTeacher {
  /** After each token of a batch: `[tokens, vocabulary]`. */
  logits(tokens: Int32Array): Promise<HostTensor>
  release(): Promise<void>
}

/** Loads the graph with which a teacher reads the batches of its student. */
export async function loadTeacher(
  backend: Backend,
  { architecture, parameters }: Teacher,
  shape: { readonly batch: number; readonly context: number }
): Promise<LoadedTeacher> {
  const dispatch = chooseEvaluationDispatch(processorOf(backend), shape.batch * shape.context)
  const session = await backend.load(sequenceLogits(architecture, dispatch, shape))
  return {
    logits: async (tokens) => {
      const outputs = await session.run({ parameters: float32(parameters), tokens: int32(tokens) })
      return float32(floats(outputs, 'logits'), [tokens.length, architecture.vocabularySize])
    },
    release: () => session.release()
  }
}
