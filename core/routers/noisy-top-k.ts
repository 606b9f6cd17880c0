import { z } from 'zod'
import type { MoeFeedForward } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import {
  add,
  divide,
  errorFunction,
  gatherElements,
  greater,
  matmul,
  mean,
  multiply,
  scatterElements,
  slice,
  softmax,
  softplus,
  subtract,
  sum,
  topK,
  where,
  zerosLike
} from '../graph/operators'
import { zeros } from '../tensors/draw'
import { balanceAndZLoss } from './losses'
import type { RouterLoss, RouterSite } from './router'
import { defineRouter } from './router'
import type { Routing } from './routing'

/**
 * The k largest of `H = x W + normal * softplus(x W_noise)`, gates a softmax over them (Shazeer et al. 2017, "Outrageously
 * Large Neural Networks", equations 3 to 5). Two losses keep the experts busy: the squared coefficients of variation of
 * their importance, the sum of an expert's gates over the batch (equations 6 and 7), and of their load, the sum of the
 * probabilities that an expert is chosen if its own noise is drawn again (appendix A, equations 8 to 11). While a model is
 * measured or generates there is no noise.
 */
export const noisyTopKRouter = defineRouter({
  kind: 'noisy-top-k',
  name: 'noisy top-k',
  papers: ['1701.06538'],
  causal: true,
  settings: z.strictObject({
    importance_loss: z.number().min(0).default(0.1).describe('weight of the squared variation of summed gates'),
    load_loss: z.number().min(0).default(0.1).describe('weight of the squared variation of smoothed loads')
  }),
  of: ({ importance_loss: importanceLoss, load_loss: loadLoss }, shape, width) => ({
    parameters: [{ name: noiseMatrix, shape: [width, shape.experts], draw: zeros }],
    noise: 'normal',
    route: (site) => {
      const logits = site.training ? add(site.logits, multiply(site.noise(), deviation(site))) : site.logits
      const chosen = topK(logits, shape.topK)
      return { logits, experts: chosen.indices, gates: softmax(chosen.values), filled: undefined }
    },
    scores: ({ logits }) => logits,
    gates: ({ logits }, experts) => softmax(gatherElements(logits, experts, 1)),
    losses: (routing, site): RouterLoss[] => [
      ...balanceAndZLoss(routing, shape, { ...site, balanceLoss: 0 }),
      { name: 'importance_loss', value: squaredVariation(importance(routing)), weight: importanceLoss },
      // No chance is in the load if every token gets every expert.
      ...(shape.topK < shape.experts
        ? [{ name: 'load_loss', value: squaredVariation(smoothLoad(routing, site, shape)), weight: loadLoss }]
        : [])
    ]
  })
})

const noiseMatrix = 'noise'

/** Below which the noise does not fall, as in the authors' code (tensor2tensor, `noisy_top_k_gating`). */
const leastDeviation = 0.01

/** Of the noise of each logit: `[tokens, experts]`. */
function deviation({ x, parameter }: RouterSite): Expression {
  return add(softplus(matmul(x, parameter(noiseMatrix))), leastDeviation)
}

/** `[experts]`. */
function importance({ logits, experts, gates }: Routing): Expression {
  return sum(scatterElements(zerosLike(logits), experts, gates, 1), [0])
}

/** `sum over tokens of Phi((x W - kth largest of the other experts' H) / deviation)`: `[experts]`. */
function smoothLoad({ logits }: Routing, site: RouterSite, { topK: k }: MoeFeedForward): Expression {
  const best = topK(logits, k + 1).values
  const [last, next] = [slice(best, k - 1, k, 1), slice(best, k, k + 1, 1)]
  // Without an expert that is among the best k, the kth of the others is the next one.
  const threshold = where(greater(logits, next), next, last)
  const z = divide(subtract(site.logits, threshold), deviation(site))
  const probability = multiply(add(errorFunction(multiply(z, Math.SQRT1_2)), 1), 0.5)
  return sum(probability, [0])
}

/** `variance / mean^2`. */
function squaredVariation(x: Expression): Expression {
  const center = mean(x, [0], true)
  const away = subtract(x, center)
  return divide(mean(multiply(away, away)), mean(multiply(center, center)))
}
