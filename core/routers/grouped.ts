import { z } from 'zod'
import type { MoeFeedForward, RouterSpec } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { add, divide, gatherElements, multiply, sigmoid, softmax, sum, topK } from '../graph/operators'
import { zeros } from '../tensors/draw'
import { correctionBias } from './loss-free'
import { balanceAndZLoss } from './losses'
import type { RouterSite } from './router'
import { defineRouter } from './router'
import { groupsOf, withinGroups } from './sigmoid'

const settings = z.strictObject({
  scores: z.enum(['softmax', 'sigmoid']).describe('what makes scores of the logits'),
  correction: z.boolean().describe('experts are chosen by score plus a bias'),
  n_group: z.int().positive().describe('groups of experts, a divisor of their number'),
  topk_group: z.int().positive().describe('groups that a token may use'),
  group_best: z.int().min(1).max(2).describe('best scores of a group whose sum is its own'),
  normalise_gates: z.boolean().describe('gates of a token are divided by their sum'),
  routed_scaling_factor: z.number().positive().describe('factor of the gates')
})

/** The settings of a router of checkpoints with groups. */
export type GroupedSettings = z.infer<typeof settings>

/** The router as `Architecture` has it. */
export function groupedRouterSpec(given: GroupedSettings): RouterSpec {
  return { kind: 'grouped', ...given }
}

/**
 * The routers of DeepSeek-V2 (DeepSeek-AI 2024, arXiv 2405.04434, section 2.2.2), DeepSeek-V3 and GLM-4.5 as their
 * checkpoints have them: scores of which those in the best groups count, the k largest among these, and as gates the
 * scores themselves, divided by their sum or not, times a factor. What `sigmoid.ts` adds to train one, they have not.
 */
export const groupedRouter = defineRouter({
  kind: 'grouped',
  name: 'grouped top-k',
  papers: ['2405.04434', '2412.19437'],
  causal: true,
  settings,
  of: (given, shape) => {
    const { scores: kind, correction, group_best: best, normalise_gates: normalised } = given
    const groups = { ...groupsOf(given, shape), best }
    const scoresOf = (logits: Expression) => (kind === 'sigmoid' ? sigmoid(logits) : softmax(logits))
    const chosenBy = ({ logits, mask, parameter }: RouterSite) => {
      const scores = scoresOf(logits)
      const corrected = correction ? add(scores, parameter(correctionBias)) : scores
      return withinGroups(mask ? add(corrected, mask) : corrected, groups)
    }
    const gates = ({ logits }: RouterSite, experts: Expression) => {
      const chosen = gatherElements(scoresOf(logits), experts, 1)
      const shares = normalised ? divide(chosen, add(sum(chosen, [1], true), 1e-20)) : chosen
      return multiply(shares, given.routed_scaling_factor)
    }
    return {
      parameters: correction ? [{ name: correctionBias, shape: [shape.experts], draw: zeros }] : [],
      route: (site) => {
        const experts = topK(chosenBy(site), shape.topK).indices
        return { logits: site.logits, experts, gates: gates(site, experts), filled: undefined }
      },
      scores: chosenBy,
      gates,
      losses: (routing, site) => balanceAndZLoss(routing, shape, site)
    }
  }
})

/** The settings of a layer's router, where it is of this kind. */
export function groupedSettings({ router }: MoeFeedForward): GroupedSettings | undefined {
  const { kind, ...rest } = router
  return kind === 'grouped' ? settings.parse(rest) : undefined
}
