import { z } from 'zod'
import type { MoeFeedForward } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { cast, gatherElements, greater, multiply, relu, stopGradient, sum, topK } from '../graph/operators'
import { balanceAndZLoss } from './losses'
import { defineRouter } from './router'
import type { Routing } from './routing'
import { expertLoad } from './routing'

/**
 * Gates `ReLU(x W)`: an expert computes where its gate is above 0, so that the whole is differentiable and any number of
 * experts works for a token (Wang et al. 2024, "ReMoE", section 3.2). A load-balanced L1 loss of the gates, whose weight
 * follows the sparsity from step to step, leads the mean number of experts of a token to the layer's `topK` (sections 3.3
 * and 3.4).
 */
export const reluRouter = defineRouter({
  kind: 'relu',
  name: 'ReLU',
  papers: ['2412.14711'],
  causal: true,
  settings: z.strictObject({
    lambda: z.number().positive().default(1e-8).describe('weight of the L1 loss in the first step'),
    lambda_factor: z.number().min(1).default(1.2).describe('its factor or divisor after each step')
  }),
  of: ({ lambda: first, lambda_factor: factor }, shape) => ({
    places: shape.experts,
    parameters: [{ name: lambda, shape: [1], draw: () => () => first }],
    route: ({ logits }) => {
      const best = topK(relu(logits), shape.experts)
      return { logits, experts: best.indices, gates: best.values, filled: cast(greater(best.values, 0), 'float32') }
    },
    scores: ({ logits }) => logits,
    gates: ({ logits }, experts) => relu(gatherElements(logits, experts, 1)),
    losses: (routing, site) => [
      ...balanceAndZLoss(routing, shape, { ...site, balanceLoss: 0 }),
      { name: 'l1_loss', value: balancedL1(routing, shape), weight: sum(stopGradient(site.parameter(lambda))) }
    ],
    afterStep: ({ loads, tokens, parameter }) => {
      const all = loads.flatMap((load) => [...load]).reduce((a, b) => a + b, 0)
      const sparsity = 1 - all / (loads.length * tokens * shape.experts)
      const wanted = 1 - shape.topK / shape.experts
      // Lambda grows while too many experts work, and shrinks while too few do (section 3.3).
      return { [lambda]: parameter(lambda).map((weight) => weight * factor ** Math.sign(wanted - sparsity)) }
    }
  })
})

/** The weight of the L1 loss, the same in every layer. */
const lambda = 'lambda'

/** `1 / T sum(f ReLU(x W))` with `f = E / (k T) load` of an expert. */
function balancedL1(routing: Routing, { experts, topK: k }: MoeFeedForward): Expression {
  const tokens = routing.logits.shape[0] as number
  const load = multiply(expertLoad(routing), experts / (k * tokens))
  return multiply(sum(multiply(relu(routing.logits), load)), 1 / tokens)
}
