import { z } from 'zod'
import { cast, exclusiveCumulativeSum, gatherElements, less, multiply, subtract } from '../graph/operators'
import { defineRouter } from './router'
import type { Routing } from './routing'
import { expertChoices } from './routing'
import { normaliseGates, topKRouter } from './top-k'

/**
 * Softmax top-k whose experts have room for `ceil(c T k / E)` of the T tokens of a batch (Fedus et al. 2022, "Switch
 * Transformers", section 2.2, equation 3; Lepikhin et al. 2020, "GShard", algorithm 1). Tokens are served in their order,
 * the choices of a token best first; a choice that finds its expert full is dropped, and the token passes that expert by.
 * GShard serves all first choices before any second one, which would let a later token push out an earlier one. The
 * load-balance loss is of all choices, the dropped ones among them.
 */
export const capacityRouter = defineRouter({
  kind: 'capacity',
  name: 'softmax top-k with a capacity',
  papers: ['2101.03961', '2006.16668'],
  causal: true,
  settings: z.strictObject({
    normalise_gates: normaliseGates,
    capacity_factor: z.number().positive().default(1.25).describe('room of an expert, in its even share of the choices')
  }),
  of: ({ capacity_factor: factor, normalise_gates }, shape, width) => {
    const router = topKRouter.of({ ...shape, router: { kind: topKRouter.kind, normalise_gates } }, width)
    return {
      ...router,
      route: (site) => {
        const routing = router.route(site)
        if (!site.training) return routing
        const tokens = routing.logits.shape[0] as number
        return withCapacity(routing, Math.ceil((factor * tokens * shape.topK) / shape.experts))
      }
    }
  }
})

/** The routing with at most so many tokens of each expert, those that come first. */
function withCapacity(routing: Routing, capacity: number): Routing {
  const before = exclusiveCumulativeSum(expertChoices(routing), 0)
  const place = gatherElements(before, routing.experts, 1)
  const filled = cast(less(place, capacity), 'float32')
  return { ...routing, gates: multiply(routing.gates, filled), filled, dropped: subtract(1, filled) }
}
