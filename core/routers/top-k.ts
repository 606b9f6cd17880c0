import { z } from 'zod'
import { gatherElements, softmax, topK } from '../graph/operators'
import { balanceAndZLoss } from './losses'
import { defineRouter } from './router'

/** The setting that routers by softmax share. */
export const normaliseGates = z.boolean().default(true).describe('gates of a token are divided by their sum')

/**
 * The k experts with the largest logits. With normalised gates the softmax runs over these alone, which equals softmax,
 * choice and division by the sum (Jiang et al. 2024, "Mixtral of Experts", section 2.1); else the gates are the
 * probabilities among all experts (Muennighoff et al. 2024, "OLMoE").
 */
export const topKRouter = defineRouter({
  kind: 'top-k',
  name: 'softmax top-k',
  papers: ['2401.04088', '2409.02060'],
  causal: true,
  settings: z.strictObject({
    normalise_gates: normaliseGates
  }),
  of: ({ normalise_gates: normalised }, shape) => ({
    route: ({ logits }) => {
      const chosen = topK(normalised ? logits : softmax(logits), shape.topK)
      const gates = normalised ? softmax(chosen.values) : chosen.values
      return { logits, experts: chosen.indices, gates, filled: undefined }
    },
    scores: ({ logits }) => logits,
    gates: ({ logits }, experts) =>
      normalised ? softmax(gatherElements(logits, experts, 1)) : gatherElements(softmax(logits), experts, 1),
    losses: (routing, weights) => balanceAndZLoss(routing, shape, weights)
  })
})
