import type { Architecture } from '../arch/architecture'
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
import type { LossWeights } from './routers/router'
import { expertLoad } from './routing'
import type { LayerRouting } from './transformer'
import { transformer } from './transformer'
import type { Weights } from './weights'
import { slicedWeights } from './weights'

/** Constants of the graph of a train step. */
export interface TrainStepOptions extends AdamWOptions, LossWeights {
  /** Sequences of a batch. */
  readonly batch: number
  /** Tokens of a sequence. */
  readonly context: number
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

function lossOf(architecture: Architecture, dispatch: ExpertDispatch, options: TrainStepOptions, weights: Weights) {
  const { batch, context } = options
  const count = batch * context
  const tokens = input('tokens', 'int32', [count])
  const targets = input('targets', 'int32', [count])
  // The embedding as a product with one-hot rows: its gradient is a product too, where Gather's would be a scatter.
  const x = matmul(oneHot(tokens, architecture.vocabularySize), weights.embedding)
  const positions = sequencePositions(batch, context)
  const { logits, routing } = transformer({
    architecture,
    weights,
    dispatch,
    tokens,
    x,
    positions,
    mask: causalMask(context)
  })
  const picked = multiply(oneHot(targets, architecture.vocabularySize), logSoftmax(logits))
  const loss = multiply(negate(sum(picked)), 1 / count)
  if (routing.length === 0) return { loss, total: loss, router: {} }
  const losses = routerLosses(routing, options)
  const dropped = routing.flatMap((each) => (each.dropped ? [sum(each.dropped)] : []))
  return {
    loss,
    total: add(loss, losses.map(({ weighted }) => weighted).reduce(add)),
    router: {
      ...Object.fromEntries(losses.map(({ name, value }) => [name, value])),
      load: stack(routing.map(expertLoad)),
      ...(dropped.length > 0 ? { dropped: stack(dropped) } : {})
    }
  }
}

/** The losses of all routers by name, each summed over its layers, unweighted and weighted. */
function routerLosses(
  routing: readonly LayerRouting[],
  { balanceLoss, zLoss }: LossWeights
): { readonly name: string; readonly value: Expression; readonly weighted: Expression }[] {
  const all = routing.flatMap((each) =>
    each.router.losses(each, { balanceLoss, zLoss, parameter: each.site.parameter })
  )
  return [...new Set(all.map(({ name }) => name))].map((name) => {
    const terms = all.filter((each) => each.name === name)
    const value = terms.map((each) => each.value).reduce(add)
    const [weight, ...others] = new Set(terms.map((each) => each.weight))
    const weighted =
      weight !== undefined && others.length === 0
        ? multiply(value, weight)
        : terms.map((each) => multiply(each.value, each.weight)).reduce(add)
    return { name, value, weighted }
  })
}
