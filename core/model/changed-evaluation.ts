/** The loss of every token under a changed router: `evaluation`, with one graph for many interventions. */
import type { Expression } from '../graph/expression'
import { constant, input } from '../graph/expression'
import { add, cast, expandLike, gather, mean, scatterElements, topK, zerosLike } from '../graph/operators'
import { values } from '../graph/tensor'
import type { LayerRouter, RouterSite } from '../routers/router'
import type { Routing } from '../routers/routing'
import { expertNumbers } from '../routers/routing'
import { causalMask, maskedScore, sequencePositions } from './causal'
import { type EvaluationOptions, marginsOf, natsOf } from './evaluation'
import type { ExpertDispatch } from './experts/dispatch'
import { type InterventionPlan, skippedLayers } from './intervention-plan'
import { transformer } from './transformer'
import type { Weights } from './weights'

/**
 * The graph of a plan.
 *
 * Inputs: `tokens`, `targets` int32 `[batch * context]`; for each MoE layer L whose router chooses, `mask_L` float32
 * `[vocabulary, experts]`; for each that chooses by chance, `noise_L` float32 `[batch * context, experts]`, of which a
 * token gets the experts with the largest numbers. Outputs: `nats` float32 `[batch * context]`, and with `margins` as many
 * of these (see `evaluation`); for each MoE layer that is not skipped `experts_L` int32 and `gates_L` float32 `[batch * context, k]`.
 */
export function changedEvaluation(
  plan: InterventionPlan,
  weights: Weights,
  dispatch: ExpertDispatch,
  { batch, context, margins = false }: Pick<EvaluationOptions, 'batch' | 'context' | 'margins'>
): Record<string, Expression> {
  const { architecture, choices } = plan
  const tokens = input('tokens', 'int32', [batch * context])
  const targets = input('targets', 'int32', [batch * context])
  const { logits, routing } = transformer({
    architecture,
    weights,
    dispatch,
    skipped: skippedLayers(plan),
    reroute: (router, site, { layer, shape }) => {
      const choice = choices.get(layer) ?? 'best'
      if (choice === 'best') {
        const mask = gather(input(`mask_${layer}`, 'float32', [architecture.vocabularySize, shape.experts]), tokens)
        return router.route({ ...site, logits: add(site.logits, mask), mask })
      }
      if (choice === 'after best') return routeAfterBest(router, site)
      const experts = topK(input(`noise_${layer}`, 'float32', site.logits.shape), shape.topK).indices
      const gates = choice === 'random, uniform gates' ? meanGates(router, site) : router.gates(site, experts)
      return { logits: site.logits, experts, gates, filled: undefined }
    },
    tokens,
    x: gather(weights.embedding, tokens),
    positions: sequencePositions(batch, context),
    mask: causalMask(context)
  })
  const routed = routing.flatMap((each) => [
    [`experts_${each.layer}`, cast(expertNumbers(each), 'int32')] as const,
    [`gates_${each.layer}`, each.gates] as const
  ])
  const margin = margins ? { margins: marginsOf(logits, targets) } : {}
  return { nats: natsOf(logits, targets), ...margin, ...Object.fromEntries(routed) }
}

/** The router's own decision among the experts that are left when each token's best one is masked. */
function routeAfterBest(router: LayerRouter, site: RouterSite): Routing {
  const best = topK(router.scores(site), 1)
  const masked = expandLike(constant(values('float32', [1, 1], [maskedScore])), best.values)
  const without = (x: Expression) => scatterElements(x, best.indices, masked, 1)
  return router.route({ ...site, logits: without(site.logits), mask: without(zerosLike(site.logits)) })
}

/** Shares out evenly the gates that the router gives to its own choice; see `RandomRouting`. */
function meanGates(router: LayerRouter, site: RouterSite): Expression {
  const own = router.route(site).gates
  return expandLike(mean(own, [1], true), own)
}
