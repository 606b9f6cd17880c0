import type { Architecture, MoeFeedForward } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { input } from '../graph/expression'
import { gradients } from '../graph/gradient'
import { add, concatenate, flatten, logSoftmax, matmul, multiply, negate, oneHot, stack, sum } from '../graph/operators'
import { causalMask, sequencePositions } from './causal'
import type { ExpertDispatch } from './experts/dispatch'
import type { AdamWOptions } from './optimisers/adamw'
import { adamW } from './optimisers/adamw'
import { globalNorm } from './optimisers/transforms'
import { parameterLayout } from './parameters'
import { expertLoad, loadBalanceLoss, routerZLoss } from './router'
import { transformer } from './transformer'
import type { Weights } from './weights'
import { slicedWeights } from './weights'

/** What is fixed in the graph of a train step. */
export interface TrainStepOptions extends AdamWOptions {
  /** Sequences of a batch. */
  readonly batch: number
  /** Tokens of a sequence. */
  readonly context: number
  /** Weight of the load-balance loss of each MoE layer. */
  readonly balanceLoss: number
  /** Weight of the router z-loss of each MoE layer. */
  readonly zLoss: number
}

/**
 * The graph of one step, by output name: forward, backward, and AdamW on the clipped gradient.
 *
 * Inputs: `parameters` float32 `[parameters]`; `tokens`, `targets` int32 `[batch * context]`; those of the optimiser:
 * `first_moment`, `second_moment` float32 `[parameters]` and `rates` float32 `[3]`.
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
  const parameters = input('parameters', 'float32', [size])
  const { weights, parts } = slicedWeights(architecture, parameters)
  const losses = lossOf(architecture, dispatch, options, weights)
  const gradient = concatenate(gradients(losses.total, parts).map(flatten), 0)
  return {
    ...adamW(options, decayed).step({ parameters, update: gradient }),
    loss: losses.loss,
    gradient_norm: globalNorm(gradient),
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

function moeShape(architecture: Architecture, layer: number): MoeFeedForward {
  const shape = architecture.layers[layer]?.feedForward
  if (shape?.kind !== 'moe') throw new Error(`layer ${layer} has no experts`)
  return shape
}
