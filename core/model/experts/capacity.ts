import {
  cast,
  equal,
  exclusiveCumulativeSum,
  gatherElements,
  greater,
  matmul,
  multiply,
  range,
  reshape,
  scatterElements,
  unsqueeze,
  zerosLike
} from '../../graph/operators'
import { expertChoices } from '../../routers/routing'
import { expertNetwork } from '../feed-forward'
import type { ExpertDispatch } from './dispatch'

/**
 * For many tokens on the GPU: one-hot dispatch to `capacity` places for each expert (Lepikhin et al. 2020, "GShard",
 * algorithm 1). All shapes are fixed and everything is a product, so nothing leaves the GPU; an assignment that finds
 * its expert full is dropped, first come first served, and reported.
 */
export function capacityExperts(capacity: number): ExpertDispatch {
  return ({ x, routing, shape, weights, layer }) => {
    const { experts } = shape
    const width = x.shape[1] as number
    const assigned = expertChoices(routing)
    const place = exclusiveCumulativeSum(assigned, 0)
    const gates = scatterElements(zerosLike(routing.logits), routing.experts, routing.gates, 1)
    const places = cast(equal(unsqueeze(place, [2]), range(capacity, 'float32')), 'float32')
    const taken = multiply(places, unsqueeze(assigned, [2]))
    const rows = matmul(reshape(taken, [-1, experts * capacity]), x, { a: true })
    const computed = expertNetwork(reshape(rows, [experts, capacity, width]), shape, (part) =>
      weights.experts(layer, part)
    )
    const combine = reshape(multiply(taken, unsqueeze(gates, [2])), [-1, experts * capacity])
    const full = cast(greater(place, capacity - 1), 'float32')
    const choices = gatherElements(full, routing.experts, 1)
    return {
      output: matmul(combine, reshape(computed, [experts * capacity, width])),
      dropped: routing.filled ? multiply(choices, routing.filled) : choices
    }
  }
}
