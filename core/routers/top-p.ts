import { z } from 'zod'
import type { Expression } from '../graph/expression'
import {
  cast,
  exclusiveCumulativeSum,
  gatherElements,
  less,
  logSoftmax,
  mean,
  multiply,
  negate,
  softmax,
  sum,
  topK
} from '../graph/operators'
import { balanceAndZLoss } from './losses'
import { defineRouter } from './router'

/**
 * The fewest experts whose probabilities `softmax(x W)` reach p together, one at least: an uncertain router asks more of
 * them (Huang et al. 2024, "Harder Tasks Need More Experts", section 3.1). Gates are the probabilities. A loss of the
 * entropy keeps the router from spreading them until every expert is asked (section 3.2). How many experts a token gets
 * is found in training; the layer's `topK` is only the number that parameter counts assume.
 */
export const topPRouter = defineRouter({
  kind: 'top-p',
  name: 'top-p',
  papers: ['2403.07652'],
  causal: true,
  settings: z.strictObject({
    threshold: z.number().gt(0).max(1).default(0.4).describe('p, the probability that the experts of a token reach'),
    entropy_loss: z.number().min(0).default(0.0001).describe('weight of the mean entropy of the probabilities')
  }),
  of: ({ threshold, entropy_loss: weight }, shape) => ({
    places: shape.experts,
    route: ({ logits }) => {
      const best = topK(softmax(logits), shape.experts)
      const filled = cast(less(exclusiveCumulativeSum(best.values, 1), threshold), 'float32')
      return { logits, experts: best.indices, gates: multiply(best.values, filled), filled }
    },
    scores: ({ logits }) => logits,
    gates: ({ logits }, experts) => gatherElements(softmax(logits), experts, 1),
    losses: (routing, site) => [
      ...balanceAndZLoss(routing, shape, site),
      { name: 'entropy_loss', value: meanEntropy(routing.logits), weight }
    ]
  })
})

/** Mean of `-sum(p log p)` over tokens, in nats. */
function meanEntropy(logits: Expression): Expression {
  return negate(mean(sum(multiply(softmax(logits), logSoftmax(logits)), [1])))
}
