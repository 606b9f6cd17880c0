import type { Architecture } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { input } from '../graph/expression'
import { gradients } from '../graph/gradient'
import { concatenate, flatten, multiply } from '../graph/operators'
import type { ExpertDispatch } from './experts/dispatch'
import type { AdamWOptions } from './optimisers/adamw'
import { adamW } from './optimisers/adamw'
import { globalNorm } from './optimisers/transforms'
import { parameterLayout } from './parameters'
import type { TrainingLossOptions } from './training-loss'
import { trainingLoss } from './training-loss'
import { slicedWeights } from './weights'

/** Constants of the graph of a train step. */
export interface TrainStepOptions extends AdamWOptions, TrainingLossOptions {
  /** True where some weights are to stay 0. */
  readonly masked?: boolean
}

/**
 * The graph of one step, by output name: forward, backward, and AdamW on the clipped gradient.
 *
 * Inputs: `parameters` float32 `[parameters]`; `tokens`, `targets` int32 `[batch * context]`; those of the optimiser:
 * `first_moment`, `second_moment` float32 `[parameters]` and `rates` float32 `[3]`; for each layer L whose router decides
 * by chance `noise_L` float32 `[batch * context, experts]`; with distillation `teacher_logits` float32
 * `[batch * context, vocabulary]`; with masked weights `mask` float32 `[parameters]`, 0 for those that have no gradient:
 * AdamW leaves what is 0, and has no moments, at 0.
 * Outputs: `new_parameters`, `new_first_moment`, `new_second_moment`; `loss` (mean nats per token, by the text alone),
 * `gradient_norm` (before clipping); with distillation `distillation_loss`, unweighted; with experts also the losses of
 * their routers by name, `balance_loss` and `z_loss` of most (sums over MoE layers, unweighted), `load`
 * `[MoE layers, experts]`, assignments of this batch, and, where tokens can be dropped, `dropped` `[MoE layers]`, how
 * many of these found their expert full.
 */
export function trainStep(
  architecture: Architecture,
  dispatch: ExpertDispatch,
  options: TrainStepOptions
): Record<string, Expression> {
  const { size, decayed } = parameterLayout(architecture)
  const parameters = input('parameters', 'float32', [size])
  const { weights, parts } = slicedWeights(architecture, parameters)
  const losses = trainingLoss(architecture, dispatch, options, weights)
  const whole = concatenate(gradients(losses.total, parts).map(flatten), 0)
  const gradient = options.masked ? multiply(whole, input('mask', 'float32', [size])) : whole
  return {
    ...adamW(options, decayed).step({ parameters, update: gradient }),
    loss: losses.loss,
    gradient_norm: globalNorm(gradient),
    ...losses.outputs
  }
}
