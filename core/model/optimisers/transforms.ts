/** The parts that optimisers are chained of. */
import type { Expression } from '../../graph/expression'
import { add, concatenate, divide, minimum, multiply, slice, squareRoot, subtract, sum } from '../../graph/operators'
import type { Transform } from './optimiser'
import { stateless } from './optimiser'

/** The Euclidean norm of a whole vector. */
export function globalNorm(x: Expression): Expression {
  return squareRoot(sum(multiply(x, x)))
}

/** `g * min(1, clip / (norm(g) + 1e-6))` (Pascanu et al. 2013, "On the difficulty of training RNNs", algorithm 1). */
export function clipByGlobalNorm(clip: number): Transform {
  return stateless(({ parameters, update }) => ({
    parameters,
    update: multiply(update, minimum(divide(clip, add(globalNorm(update), 1e-6)), 1))
  }))
}

export interface AdamOptions {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

/**
 * `m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)`, with m and v the running means of the gradient and of its
 * square (Kingma and Ba 2015, "Adam", algorithm 1).
 */
export function scaleByAdam({ beta1, beta2, epsilon }: AdamOptions): Transform {
  return {
    vectors: ['first_moment', 'second_moment'],
    numbersAt: (step) => [1 / (1 - beta1 ** step), 1 / (1 - beta2 ** step)],
    apply: ({ parameters, update: gradient }, { vectors, numbers }) => {
      const [first, second] = vectors as [Expression, Expression]
      const [correction1, correction2] = numbers as [Expression, Expression]
      const m = add(multiply(first, beta1), multiply(gradient, 1 - beta1))
      const v = add(multiply(second, beta2), multiply(multiply(gradient, gradient), 1 - beta2))
      const update = divide(multiply(m, correction1), add(squareRoot(multiply(v, correction2)), epsilon))
      return { parameters, update, vectors: [m, v] }
    }
  }
}

/**
 * Shrinks the first `decayed` parameters by `learning rate * weightDecay`, whatever the gradient (Loshchilov and Hutter
 * 2019, "Decoupled Weight Decay Regularization", algorithm 2).
 */
export function decoupledWeightDecay(weightDecay: number, decayed: number): Transform {
  return stateless(({ parameters, update }, learningRate) => {
    const size = parameters.shape[0] as number
    const shrunk = multiply(slice(parameters, 0, decayed, 0), subtract(1, multiply(learningRate, weightDecay)))
    return { parameters: concatenate([shrunk, slice(parameters, decayed, size, 0)], 0), update }
  })
}

/** The update times the learning rate, which follows the schedule of the training. */
export function scaleByLearningRate(): Transform {
  return stateless(({ parameters, update }, learningRate) => ({
    parameters,
    update: multiply(update, learningRate)
  }))
}
