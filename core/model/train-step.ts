import type { Architecture } from '../arch/architecture'
import { moeShape } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { input } from '../graph/expression'
import { gradients } from '../graph/gradient'
import {
  add,
  concatenate,
  divide,
  flatten,
  logSoftmax,
  matmul,
  minimum,
  multiply,
  negate,
  oneHot,
  reshape,
  slice,
  squareRoot,
  stack,
  subtract,
  sum
} from '../graph/operators'
import { causalMask, sequencePositions } from './causal'
import type { ExpertDispatch } from './experts/dispatch'
import { parameterLayout } from './parameters'
import { expertLoad, loadBalanceLoss, routerZLoss } from './router'
import { transformer } from './transformer'
import type { Weights } from './weights'
import { slicedWeights } from './weights'

/** What is fixed in the graph of a train step. */
export interface TrainStepOptions {
  /** Sequences of a batch. */
  readonly batch: number
  /** Tokens of a sequence. */
  readonly context: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Per step and unit of learning rate; on matrices only. */
  readonly weightDecay: number
  /** Largest norm of the whole gradient. */
  readonly clip: number
  /** Weight of the load-balance loss of each MoE layer. */
  readonly balanceLoss: number
  /** Weight of the router z-loss of each MoE layer. */
  readonly zLoss: number
}

/**
 * The graph of one step, by output name: forward, backward, gradient clipping, AdamW (Loshchilov and Hutter 2019, algorithm 2).
 *
 * Inputs: `parameters`, `first_moment`, `second_moment` float32 `[parameters]`; `tokens`, `targets` int32
 * `[batch * context]`; `rates` float32 `[3]`: the learning rate, `1 / (1 - beta1^t)`, `1 / (1 - beta2^t)`.
 * Outputs: `new_parameters`, `new_first_moment`, `new_second_moment`; `loss` (mean nats per token, without the
 * router losses), `gradient_norm` (before clipping); with experts also `balance_loss` and `z_loss` (sums over MoE
 * layers, unweighted), `load` `[MoE layers, experts]`, assignments of this batch, and, where tokens can be dropped,
 * `dropped` `[MoE layers]`, how many of these found their expert full.
 */
export function trainStep(
  architecture: Architecture,
  dispatch: ExpertDispatch,
  options: TrainStepOptions
): Record<string, Expression> {
  const { size, decayed } = parameterLayout(architecture)
  const state = {
    parameters: input('parameters', 'float32', [size]),
    first: input('first_moment', 'float32', [size]),
    second: input('second_moment', 'float32', [size])
  }
  const { weights, parts } = slicedWeights(architecture, state.parameters)
  const losses = lossOf(architecture, dispatch, options, weights)
  const gradient = concatenate(gradients(losses.total, parts).map(flatten), 0)
  const norm = squareRoot(sum(multiply(gradient, gradient)))
  const clipped = multiply(gradient, minimum(divide(options.clip, add(norm, 1e-6)), 1))
  return {
    ...adamW(state, clipped, decayed, options),
    loss: losses.loss,
    gradient_norm: norm,
    ...losses.router
  }
}

function lossOf(
  architecture: Architecture,
  dispatch: ExpertDispatch,
  { batch, context, balanceLoss, zLoss }: TrainStepOptions,
  weights: Weights
) {
  const count = batch * context
  const tokens = input('tokens', 'int32', [count])
  const targets = input('targets', 'int32', [count])
  // The embedding as a product with one-hot rows: its gradient is a product too, where Gather's would be a scatter.
  const x = matmul(oneHot(tokens, architecture.vocabularySize), weights.embedding)
  const positions = sequencePositions(batch, context)
  const { logits, routing } = transformer({ architecture, weights, dispatch, x, positions, mask: causalMask(context) })
  const picked = multiply(oneHot(targets, architecture.vocabularySize), logSoftmax(logits))
  const loss = multiply(negate(sum(picked)), 1 / count)
  if (routing.length === 0) return { loss, total: loss, router: {} }
  const balance = routing.map((each) => loadBalanceLoss(each, moeShape(architecture, each.layer))).reduce(add)
  const z = routing.map(routerZLoss).reduce(add)
  const dropped = routing.flatMap((each) => (each.dropped ? [sum(each.dropped)] : []))
  return {
    loss,
    total: add(loss, add(multiply(balance, balanceLoss), multiply(z, zLoss))),
    router: {
      balance_loss: balance,
      z_loss: z,
      load: stack(routing.map(expertLoad)),
      ...(dropped.length > 0 ? { dropped: stack(dropped) } : {})
    }
  }
}

interface OptimiserState {
  readonly parameters: Expression
  readonly first: Expression
  readonly second: Expression
}

function adamW(
  { parameters, first, second }: OptimiserState,
  gradient: Expression,
  decayed: number,
  { beta1, beta2, epsilon, weightDecay }: TrainStepOptions
): Record<string, Expression> {
  const rates = input('rates', 'float32', [3])
  const rate = (index: number) => reshape(slice(rates, index, index + 1, 0), [1])
  const m = add(multiply(first, beta1), multiply(gradient, 1 - beta1))
  const v = add(multiply(second, beta2), multiply(multiply(gradient, gradient), 1 - beta2))
  const update = divide(multiply(m, rate(1)), add(squareRoot(multiply(v, rate(2))), epsilon))
  const size = parameters.shape[0] as number
  const shrunk = multiply(slice(parameters, 0, decayed, 0), subtract(1, multiply(rate(0), weightDecay)))
  const kept = slice(parameters, decayed, size, 0)
  return {
    new_parameters: subtract(concatenate([shrunk, kept], 0), multiply(update, rate(0))),
    new_first_moment: m,
    new_second_moment: v
  }
}
