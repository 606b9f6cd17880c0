/** The decoder, written once; the graphs in this folder are made from it. */
import type { Expression } from '../graph/expression'
import { add, matmul, multiply } from '../graph/operators'
import type { LayerRouter, RouterSite } from '../routers/router'
import type { Routing } from '../routers/routing'
import type { KeysAndValues } from './attention'
import type { ExpertDispatch } from './experts/dispatch'
import { swiGlu } from './feed-forward'
import type { LayerSite, RouterPlace } from './layer'
import { attentionOf, feedForwardInput, norm, routed, scaled, sharedExpert, sharedGate } from './layer'

export type { RouterPlace } from './layer'

export interface TransformerSite extends LayerSite {
  readonly dispatch: ExpertDispatch
  /** Layers whose MoE is left out: what attention gave passes on as it is. */
  readonly skipped?: ReadonlySet<number>
  /** Embedded tokens `[tokens, d]`. */
  readonly x: Expression
}

export interface TransformerResult {
  /** `[tokens, vocabulary]`. */
  readonly logits: Expression
  /** The residual stream before each layer and after the last, `[tokens, d]` each: one more than there are layers. */
  readonly hidden: readonly Expression[]
  /** One for each layer. */
  readonly present: readonly KeysAndValues[]
  /** One for each MoE layer that is not left out. */
  readonly routing: readonly LayerRouting[]
}

export interface LayerRouting extends Routing, RouterPlace {
  readonly router: LayerRouter
  readonly site: RouterSite
  /** By the router or by the way of computing: see `Routing.dropped` and `ExpertOutput.dropped`. */
  readonly dropped: Expression | undefined
}

/** Logits, keys and values, and routing of a batch of token sequences. */
export function transformer(site: TransformerSite): TransformerResult {
  const { architecture, weights } = site
  const { multipliers } = architecture
  const present: KeysAndValues[] = []
  const routing: LayerRouting[] = []
  let x = scaled(site.x, multipliers?.embedding)
  const hidden = [x]
  for (const layer of architecture.layers.keys()) {
    const attended = attentionOf(x, layer, site)
    present.push(attended.present)
    x = add(x, scaled(attended.output, multipliers?.residual))
    if (!site.skipped?.has(layer)) {
      const fed = feedForward(feedForwardInput(x, layer, site), layer, site)
      if (fed.routing) routing.push(fed.routing)
      x = add(x, scaled(fed.output, multipliers?.residual))
    }
    hidden.push(x)
  }
  const last = norm(x, weights.finalNorm, architecture)
  const logits = weights.output ? matmul(last, weights.output) : matmul(last, weights.embedding, { b: true })
  return { logits: scaled(logits, multipliers && 1 / multipliers.logitsDivisor), hidden, present, routing }
}

function feedForward(
  x: Expression,
  layer: number,
  model: TransformerSite
): { output: Expression; routing?: LayerRouting } {
  const { architecture, weights, dispatch } = model
  const shape = architecture.layers[layer]?.feedForward
  if (shape?.kind !== 'moe') {
    return { output: swiGlu(x, weights.layer(layer, 'gate_up'), weights.layer(layer, 'down')) }
  }
  const { router, site, routing: decided } = routed(x, { layer, shape }, model)
  const { output, dropped } = dispatch({ x, routing: decided, shape, weights, layer })
  const routing = { ...decided, layer, shape, router, site, dropped: allDropped(decided.dropped, dropped) }
  if (shape.sharedWidth === 0) return { output, routing }
  const shared = sharedExpert(x, layer, model)
  const gated = shape.ungatedShared ? shared : multiply(shared, sharedGate(x, layer, model))
  return { output: add(output, gated), routing }
}

function allDropped(byRouter: Expression | undefined, byDispatch: Expression | undefined): Expression | undefined {
  return byRouter && byDispatch ? add(byRouter, byDispatch) : (byRouter ?? byDispatch)
}
