import { z } from 'zod'
import { add, gatherElements, sigmoid, topK } from '../graph/operators'
import { zeros } from '../tensors/draw'
import { balanceAndZLoss } from './losses'
import type { RouterStep } from './router'
import { defineRouter } from './router'

/**
 * Experts are chosen by score plus a bias, `s + b` with `s = sigmoid(x W)`, and weighted by the score alone; after each
 * step the bias of an expert rises by u where it got less than the mean load, and falls by u where it got more (Wang et
 * al. 2024, "Auxiliary-Loss-Free Load Balancing Strategy for Mixture-of-Experts", equation 3 and algorithm 1). No loss
 * disturbs the gradient of the model: the load-balance loss is measured only.
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
    parameters: [{ name: correctionBias, shape: [shape.experts], draw: zeros }],
    route: ({ logits, mask, parameter }) => {
      const scores = sigmoid(logits)
      const biased = add(scores, parameter(correctionBias))
      const experts = topK(mask ? add(biased, mask) : biased, shape.topK).indices
      return { logits, experts, gates: gatherElements(scores, experts, 1), filled: undefined }
    },
    scores: ({ logits, parameter }) => add(sigmoid(logits), parameter(correctionBias)),
    gates: ({ logits }, experts) => gatherElements(sigmoid(logits), experts, 1),
    losses: (routing, site) => balanceAndZLoss(routing, shape, { ...site, balanceLoss: 0 }),
    afterStep: (step) => ({ [correctionBias]: correctedBias(step, rate) })
  })
})

/** The name that the bias has in DeepSeek-V3's checkpoints. */
export const correctionBias = 'e_score_correction_bias'

/** The bias after a step: `b + u sign(mean load - load)` (algorithm 1, line 5). */
export function correctedBias({ load, parameter }: RouterStep, rate: number): Float32Array {
  const mean = load.reduce((a, b) => a + b, 0) / load.length
  return parameter(correctionBias).map((b, expert) => b + rate * Math.sign(mean - (load[expert] ?? 0)))
}
