/** The loss of every token under a changed router: `evaluation`, with one graph for many interventions. */
import type { Expression } from '../graph/expression'
import { constant, input } from '../graph/expression'
import { add, cast, expandLike, gather, gatherElements, mean, scatterElements, softmax, topK } from '../graph/operators'
import { values } from '../graph/tensor'
import { causalMask, maskedScore, sequencePositions } from './causal'
import { natsOf } from './evaluation'
import type { ExpertDispatch } from './experts/dispatch'
import type { InterventionPlan } from './intervention-plan'
import type { Chooser } from './router'
import { chooseBest, expertNumbers } from './router'
import { transformer } from './transformer'
import type { Weights } from './weights'

/**
 * The graph of a plan.
 *
 * Inputs: `tokens`, `targets` int32 `[batch * context]`; for each MoE layer L whose router chooses, `mask_L` float32
 * `[vocabulary, experts]`; for each that chooses by chance, `noise_L` float32 `[batch * context, experts]`, of which a
 * token gets the experts with the largest numbers. Outputs: `nats` float32 `[batch * context]`; for each MoE layer
 * `experts_L` int32 and `gates_L` float32 `[batch * context, k]`.
 */
export function changedEvaluation(
  { architecture, choices }: InterventionPlan,
  weights: Weights,
  dispatch: ExpertDispatch,
  { batch, context }: { readonly batch: number; readonly context: number }
): Record<string, Expression> {
  const tokens = input('tokens', 'int32', [batch * context])
  const targets = input('targets', 'int32', [batch * context])
  const { logits, routing } = transformer({
    architecture,
    weights,
    dispatch,
    choose: (logits, shape, layer) => {
      const choice = choices.get(layer) ?? 'best'
      if (choice === 'best') {
        const mask = input(`mask_${layer}`, 'float32', [architecture.vocabularySize, shape.experts])
        return chooseBest(add(logits, gather(mask, tokens)), shape)
      }
      if (choice === 'after best') return chooseAfterBest(logits, shape)
      return chooseByNoise(input(`noise_${layer}`, 'float32', logits.shape), choice)(logits, shape)
    },
    x: gather(weights.embedding, tokens),
    positions: sequencePositions(batch, context),
    mask: causalMask(context)
  })
  const routed = routing.flatMap((each) => [
    [`experts_${each.layer}`, cast(expertNumbers(each), 'int32')] as const,
    [`gates_${each.layer}`, each.gates] as const
  ])
  return { nats: natsOf(logits, targets), ...Object.fromEntries(routed) }
}

/** The best k of the experts that are left when each token's best one is masked. */
const chooseAfterBest: Chooser = (logits, shape) => {
  const best = topK(logits, 1)
  const masked = expandLike(constant(values('float32', [1, 1], [maskedScore])), best.values)
  return chooseBest(scatterElements(logits, best.indices, masked, 1), shape)
}

/** The k experts with the largest noise; for gates see `RandomRouting`. */
function chooseByNoise(noise: Expression, choice: 'random, uniform gates' | 'random, trained gates'): Chooser {
  return (logits, shape) => {
    const experts = topK(noise, shape.topK).indices
    if (choice === 'random, uniform gates') {
      const own = chooseBest(logits, shape).gates
      return { logits, experts, gates: expandLike(mean(own, [1], true), own) }
    }
    const gates = shape.normaliseGates
      ? softmax(gatherElements(logits, experts, 1))
      : gatherElements(softmax(logits), experts, 1)
    return { logits, experts, gates }
  }
}
