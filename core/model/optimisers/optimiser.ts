/** An optimiser is a chain of small transforms, which can be joined in another way, as in optax. */
import type { Expression } from '../../graph/expression'
import { input } from '../../graph/expression'
import { reshape, slice, subtract } from '../../graph/operators'

/** One step of all parameters, as far as it has come: after the last transform they are `parameters - update`. */
export interface Update {
  /** `[parameters]`. */
  readonly parameters: Expression
  /** `[parameters]`; the gradient before the first transform. */
  readonly update: Expression
}

/** The values of one step, beside the update, that a transform computes with. */
export interface TransformInputs {
  /** `[1]`. */
  readonly learningRate: Expression
  /** Those of `Transform.vectors`, `[parameters]` each. */
  readonly vectors: readonly Expression[]
  /** Those of `Transform.numbersAt`, `[1]` each. */
  readonly numbers: readonly Expression[]
}

/** One part of an optimiser. */
export interface Transform {
  /** Names of the vectors that it carries from step to step; each is as long as the parameters and starts at 0. */
  readonly vectors: readonly string[]
  /** Numbers that change from step to step alone; the first step is 1. */
  numbersAt(step: number): readonly number[]
  /** The update, and the new values of the vectors. */
  apply(update: Update, inputs: TransformInputs): Update & { readonly vectors: readonly Expression[] }
}

/** A chain of transforms, as a train step and the trainer that runs it see it. */
export interface Optimiser {
  /** Names of all vectors `[parameters]` that are carried from step to step; they start at 0. */
  readonly vectors: readonly string[]
  /** The input `rates` of a step, of which the first is 1: the learning rate, then the numbers of each transform. */
  ratesAt(step: number, learningRate: number): Float32Array
  /**
   * Outputs `new_parameters` and, for each vector, `new_NAME`. Inputs are the vectors by their names, float32
   * `[parameters]`, and `rates` float32.
   */
  step(update: Update): Record<string, Expression>
}

/** The transforms one after the other. Throws when two of them carry a vector of the same name. */
export function chain(...transforms: readonly Transform[]): Optimiser {
  const vectors = transforms.flatMap((each) => each.vectors)
  const twice = vectors.find((name, i) => vectors.indexOf(name) !== i)
  if (twice !== undefined) throw new Error(`two transforms of an optimiser carry a vector '${twice}'`)
  const numbersAt = (step: number) => transforms.flatMap((each) => each.numbersAt(step))
  return {
    vectors,
    ratesAt: (step, learningRate) => Float32Array.of(learningRate, ...numbersAt(step)),
    step: (given) => {
      const rates = input('rates', 'float32', [1 + numbersAt(1).length])
      const rate = (index: number) => reshape(slice(rates, index, index + 1, 0), [1])
      const outputs: Record<string, Expression> = {}
      let update = given
      let used = 1
      for (const transform of transforms) {
        const applied = transform.apply(update, {
          learningRate: rate(0),
          vectors: transform.vectors.map((name) => input(name, 'float32', given.parameters.shape)),
          numbers: transform.numbersAt(1).map((_, i) => rate(used + i))
        })
        used += transform.numbersAt(1).length
        transform.vectors.forEach((name, i) => {
          const vector = applied.vectors[i]
          if (!vector) throw new Error(`a transform gives no new value of its vector '${name}'`)
          outputs[`new_${name}`] = vector
        })
        update = applied
      }
      return { new_parameters: subtract(update.parameters, update.update), ...outputs }
    }
  }
}

/** A transform that carries nothing from step to step. */
export function stateless(apply: (update: Update, learningRate: Expression) => Update): Transform {
  return {
    vectors: [],
    numbersAt: () => [],
    apply: (update, { learningRate }) => ({ ...apply(update, learningRate), vectors: [] })
  }
}
