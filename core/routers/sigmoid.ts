import { z } from 'zod'
import type { MoeFeedForward } from '../arch/architecture'
import { FormatError } from '../formats/format-error'
import type { Expression } from '../graph/expression'
import {
  add,
  divide,
  expandLike,
  gatherElements,
  greater,
  mean,
  multiply,
  reshape,
  scatterElements,
  sigmoid,
  sum,
  topK,
  unsqueeze,
  where,
  zerosLike
} from '../graph/operators'
import { zeros } from '../tensors/draw'
import { correctedBias, correctionBias } from './loss-free'
import { balanceAndZLoss } from './losses'
import type { LossSite, RouterSite } from './router'
import { defineRouter } from './router'
import type { Routing } from './routing'
import { expertChoices } from './routing'

/**
 * DeepSeek-V3's router (DeepSeek-AI 2024, "DeepSeek-V3 Technical Report", section 2.1.2): scores `s = sigmoid(x W)`;
 * experts in equal groups, of which a token may use those with the largest sums of their best two `s + b`; the k largest
 * `s + b` among their experts (equations 15 and 16); gates `s` divided by their sum (equation 13), times a factor. The
 * biases b follow the load as in `loss-free.ts`, and a small loss evens the load within each sequence (equations 17 to
 * 20).
 */
export const sigmoidRouter = defineRouter({
  kind: 'sigmoid',
  name: 'sigmoid, grouped',
  papers: ['2412.19437'],
  causal: true,
  settings: z.strictObject({
    n_group: z.int().positive().default(8).describe('groups of experts, a divisor of their number'),
    topk_group: z.int().positive().default(4).describe('groups that a token may use'),
    routed_scaling_factor: z.number().positive().default(2.5).describe('factor of the gates, whose sum it is'),
    update_rate: z.number().min(0).default(0.001).describe('by so much the bias of an expert moves after a step'),
    sequence_balance_loss: z.number().min(0).default(0.0001).describe('weight of the balance loss within sequences')
  }),
  of: (settings, shape) => {
    const { routed_scaling_factor: factor, update_rate: rate, sequence_balance_loss: weight } = settings
    const groups = { ...groupsOf(settings, shape), best: 2 }
    const gates = ({ logits }: RouterSite, experts: Expression) => {
      const chosen = gatherElements(sigmoid(logits), experts, 1)
      return multiply(divide(chosen, add(sum(chosen, [1], true), 1e-20)), factor)
    }
    return {
      parameters: [{ name: correctionBias, shape: [shape.experts], draw: zeros }],
      route: (site) => {
        const experts = topK(groupedScores(site, groups), shape.topK).indices
        return { logits: site.logits, experts, gates: gates(site, experts), filled: undefined }
      },
      scores: (site) => groupedScores(site, groups),
      gates,
      losses: (routing, site) => [
        ...balanceAndZLoss(routing, shape, { ...site, balanceLoss: 0 }),
        { name: 'sequence_balance_loss', value: sequenceBalanceLoss(routing, site, shape), weight }
      ],
      afterStep: (step) => ({ [correctionBias]: correctedBias(step, rate) })
    }
  }
})

/** Groups of experts. */
export interface Groups {
  readonly count: number
  /** Experts of one. */
  readonly size: number
  /** Groups that a token may use. */
  readonly used: number
}

/** Groups, each of which is as good as the sum of its best scores. */
export interface RankedGroups extends Groups {
  /** So many of them. */
  readonly best: number
}

/** The groups of a layer's experts. Throws a `FormatError` where the groups do not fit the experts. */
export function groupsOf(
  { n_group: count, topk_group: used }: { readonly n_group: number; readonly topk_group: number },
  { experts, topK: k }: MoeFeedForward
): Groups {
  const size = experts / count
  if (!Number.isInteger(size)) {
    throw new FormatError(`router 'sigmoid': n_group: expected a divisor of ${experts} (the experts), found ${count}`)
  }
  if (used > count) {
    throw new FormatError(`router 'sigmoid': topk_group: expected at most ${count} (the groups), found ${used}`)
  }
  if (used * size < k) {
    const least = Math.ceil(k / size)
    throw new FormatError(`router 'sigmoid': topk_group: expected at least ${least}, for top-${k}, found ${used}`)
  }
  return { count, size, used }
}

/** Below every score, and above those of masked experts. */
const outside = -1e4

/** `s + b`, far below where an expert's group is not used: `[tokens, experts]`. */
function groupedScores({ logits, mask, parameter }: RouterSite, groups: RankedGroups): Expression {
  const biased = add(sigmoid(logits), parameter(correctionBias))
  return withinGroups(mask ? add(biased, mask) : biased, groups)
}

/** Scores `[tokens, experts]`, far below all others where an expert's group is not used. */
export function withinGroups(scores: Expression, { count, size, used, best: counted }: RankedGroups): Expression {
  const grouped = reshape(scores, [-1, count, size])
  const ofGroups = sum(topK(grouped, Math.min(counted, size)).values, [2])
  const best = topK(ofGroups, used)
  const ones = add(zerosLike(best.values), 1)
  const usable = unsqueeze(scatterElements(zerosLike(ofGroups), best.indices, ones, 1), [2])
  const expert = reshape(expandLike(usable, grouped), [-1, count * size])
  return where(greater(expert, 0), scores, outside)
}

/** `sum(f P)` with `f = E / (k n) choices` and P the mean of `s / sum(s)` over the n tokens of a sequence; their mean. */
function sequenceBalanceLoss(routing: Routing, { logits, sequences }: LossSite, shape: MoeFeedForward): Expression {
  const { experts, topK: k } = shape
  const bySequence = (x: Expression) => mean(reshape(x, [sequences, -1, experts]), [1])
  const scores = sigmoid(logits)
  const shares = divide(scores, sum(scores, [1], true))
  const load = multiply(bySequence(expertChoices(routing)), experts / k)
  return multiply(sum(multiply(load, bySequence(shares))), 1 / sequences)
}
