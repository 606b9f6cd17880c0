import { z } from 'zod'
import { add, topK } from '../graph/operators'
import { evenGates } from './even-gates'
import type { RouterSite } from './router'
import { defineRouter } from './router'

/**
 * Every token gets k different experts by chance, any of them with the same probability, and anew in every step of a
 * training (Zuo et al. 2022, "Taming Sparsely Activated Transformer with Stochastic Experts", section 3, without its
 * consistency loss). Their outputs are averaged. No expert can specialise: what other routers gain, they gain over this.
 */
export const randomRouter = defineRouter({
  kind: 'random',
  name: 'random',
  papers: ['2110.04260'],
  causal: true,
  settings: z.strictObject({}),
  of: (_, shape) => {
    const scores = ({ logits, noise }: RouterSite) => add(logits, noise())
    return {
      matrix: false,
      noise: 'uniform',
      route: (site) => {
        const logits = scores(site)
        const experts = topK(logits, shape.topK).indices
        return { logits, experts, gates: evenGates(logits, experts), filled: undefined }
      },
      scores,
      gates: ({ logits }, experts) => evenGates(logits, experts),
      losses: () => []
    }
  }
})
