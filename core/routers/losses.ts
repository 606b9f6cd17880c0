/** Losses that several routers add to a training. */
import type { MoeFeedForward } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { divide, logSumExp, mean, multiply, softmax, sum } from '../graph/operators'
import type { LossWeights, RouterLoss } from './router'
import type { Routing } from './routing'
import { expertLoad } from './routing'

/** The load-balance loss on softmax probabilities and the z-loss, as much as the recipe asks for. */
export function balanceAndZLoss(routing: Routing, shape: MoeFeedForward, weights: LossWeights): RouterLoss[] {
  return [
    { name: 'balance_loss', value: loadBalanceLoss(routing, shape), weight: weights.balanceLoss },
    { name: 'z_loss', value: routerZLoss(routing), weight: weights.zLoss }
  ]
}

/**
 * `experts * sum(f_e * P_e)`, with f the share of assignments and P the mean router probability: 1 when balanced
 * (Fedus et al. 2022, "Switch Transformers", equation 4).
 */
export function loadBalanceLoss(routing: Routing, { experts, topK }: MoeFeedForward): Expression {
  const tokens = routing.logits.shape[0]
  if (typeof tokens !== 'number') throw new Error('the number of tokens must be known')
  const load = expertLoad(routing)
  const share = routing.filled ? divide(load, sum(load)) : multiply(load, 1 / (tokens * topK))
  return multiply(sum(multiply(share, mean(softmax(routing.logits), [0]))), experts)
}

/** `mean(logsumexp(logits)^2)` (Zoph et al. 2022, "ST-MoE", equation 5). */
export function routerZLoss(routing: Routing): Expression {
  const z = logSumExp(routing.logits, [1])
  return mean(multiply(z, z))
}
