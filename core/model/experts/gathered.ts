import { gather, matmul, reshape } from '../../graph/operators'
import { placesOf } from '../../routers/routing'
import { expertNetwork } from '../feed-forward'
import type { ExpertDispatch } from './dispatch'

/**
 * For one token and many small experts: the chosen experts' weights are copied together and computed in one batched
 * product. No branch, at the price of reading each chosen weight twice.
 */
export const gatheredExperts: ExpertDispatch = ({ x, routing, shape, weights, layer }) => {
  if (x.shape[0] !== 1) throw new Error('gathered experts compute one token at a time')
  const computed = expertNetwork(x, shape, (part) => gather(weights.experts(layer, part), routing.experts))
  const width = x.shape[1] as number
  // The gated sum as a product: [1, k] x [k, d].
  return { output: matmul(routing.gates, reshape(computed, [placesOf(routing), width])), dropped: undefined }
}
