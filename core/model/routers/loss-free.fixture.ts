import { z } from 'zod'
import { add, gatherElements, sigmoid, topK } from '../../graph/operators'
import { zeros } from '../../tensors/draw'
import { balanceAndZLoss } from './losses'
import { defineRouter } from './router'

/**
 * A router with state: experts are chosen by score plus a bias, which after each step moves towards balance (Wang et al.
 * 2024, "Auxiliary-Loss-Free Load Balancing Strategy for Mixture-of-Experts", algorithm 1). For tests of what carries
 * such state.
 */
export const lossFreeRouter = defineRouter({
  kind: 'loss-free',
  name: 'loss-free balancing',
  papers: ['2408.15664'],
  causal: true,
  settings: z.strictObject({
    update_rate: z.number().min(0).default(0.001).describe('by so much the bias of an expert moves after a step')
  }),
  of: ({ update_rate: rate }, shape) => ({
    parameters: [{ name: bias, shape: [shape.experts], draw: zeros }],
    route: ({ logits, mask, parameter }) => {
      const scores = sigmoid(logits)
      const biased = add(scores, parameter(bias))
      const experts = topK(mask ? add(biased, mask) : biased, shape.topK).indices
      return { logits, experts, gates: gatherElements(scores, experts, 1), filled: undefined }
    },
    scores: ({ logits, parameter }) => add(sigmoid(logits), parameter(bias)),
    gates: ({ logits }, experts) => gatherElements(sigmoid(logits), experts, 1),
    losses: (routing, site) => balanceAndZLoss(routing, shape, { ...site, balanceLoss: 0 }),
    afterStep: ({ load, parameter }) => {
      const mean = load.reduce((a, b) => a + b, 0) / load.length
      return { [bias]: parameter(bias).map((b, expert) => b + rate * Math.sign(mean - (load[expert] ?? 0))) }
    }
  })
})

const bias = 'e_score_correction_bias'
