import { z } from 'zod'
import type { MoeFeedForward } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import {
  add,
  cast,
  gatherElements,
  greater,
  multiply,
  scatterElements,
  softmax,
  topK,
  transpose,
  where,
  zerosLike
} from '../graph/operators'
import { balanceAndZLoss } from './losses'
import { defineRouter } from './router'
import type { Routing } from './routing'

/**
 * Experts choose tokens: with `S = softmax(x W)` over experts, each expert takes the `c T / E` tokens of the batch with the
 * largest S, c being the mean number of experts of a token, the layer's `topK`; gates are S (Zhou et al. 2022,
 * "Mixture-of-Experts with Expert Choice Routing", section 3.2, equations 1 and 2). Every expert is filled exactly,
 * whatever the router learns.
 *
 * It is not causal: whether a token gets an expert depends on the tokens after it, so that a model can learn to read the
 * future from its routing, and there is no future while it generates. Then a token takes the k experts of its largest S;
 * a loss is measured so, and `createEvaluator` says with `training` what it would be with the leak.
 */
export const expertChoiceRouter = defineRouter({
  kind: 'expert-choice',
  name: 'expert choice',
  papers: ['2202.09368'],
  causal: false,
  settings: z.strictObject({}),
  of: (_, shape) => ({
    route: ({ logits, training }) => (training ? chosenByExperts(logits, shape) : chosenByTokens(logits, shape)),
    scores: ({ logits }) => logits,
    gates: ({ logits }, experts) => gatherElements(softmax(logits), experts, 1),
    losses: (routing, site) => balanceAndZLoss(routing, shape, { ...site, balanceLoss: 0 })
  })
})

function chosenByExperts(logits: Expression, { experts, topK: c }: MoeFeedForward): Routing {
  const tokens = logits.shape[0] as number
  const capacity = Math.min(tokens, Math.max(1, Math.round((c * tokens) / experts)))
  const scores = softmax(logits)
  const columns = transpose(scores, [1, 0])
  const best = topK(columns, capacity)
  const ones = add(zerosLike(best.values), 1)
  const taken = transpose(scatterElements(zerosLike(columns), best.indices, ones, 1), [1, 0])
  const byScore = topK(where(greater(taken, 0), scores, -1), experts)
  const filled = cast(greater(byScore.values, -0.5), 'float32')
  const gates = multiply(gatherElements(scores, byScore.indices, 1), filled)
  return { logits, experts: byScore.indices, gates, filled }
}

function chosenByTokens(logits: Expression, { topK: k }: MoeFeedForward): Routing {
  const best = topK(softmax(logits), k)
  return { logits, experts: best.indices, gates: best.values, filled: undefined }
}
