/** The decoder, written once; the graphs in this folder are made from it. */
import type { Architecture, MoeFeedForward } from '../arch/architecture'
import { rotaryFrequencies } from '../arch/rotary-scaling'
import type { Expression } from '../graph/expression'
import { add, matmul, multiply, rmsNorm, rotaryTable, sigmoid, slice, zerosOf } from '../graph/operators'
import { routerOf } from '../routers'
import type { LayerRouter, RouterSite } from '../routers/router'
import type { Routing } from '../routers/routing'
import type { KeysAndValues } from './attention'
import { attention } from './attention'
import { windowMask } from './causal'
import type { ExpertDispatch } from './experts/dispatch'
import { swiGlu } from './feed-forward'
import { fixedNoise, noiseInput } from './router-noise'
import type { Weights } from './weights'

export interface TransformerSite {
  readonly architecture: Architecture
  readonly weights: Weights
  readonly dispatch: ExpertDispatch
  /** Takes the place of a router's own decisions. */
  readonly reroute?: (router: LayerRouter, site: RouterSite, at: RouterPlace) => Routing
  /** Layers whose MoE is left out: what attention gave passes on as it is. */
  readonly skipped?: ReadonlySet<number>
  /** True for a step of a training; see `RouterSite.training`. */
  readonly training?: boolean
  /** Ids of the tokens: int32 `[tokens]`. */
  readonly tokens: Expression
  /** Embedded tokens `[tokens, d]`. */
  readonly x: Expression
  /** int64 `[batch, tokens of a sequence]`. */
  readonly positions: Expression
  /** Attention mask, see `AttentionSite.mask`. */
  readonly mask: Expression
  /** Keys and values of earlier tokens, one pair for each layer. */
  readonly past?: readonly KeysAndValues[]
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

/** The layer of a router. */
export interface RouterPlace {
  /** Index among all layers. */
  readonly layer: number
  readonly shape: MoeFeedForward
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
  const scaled = (x: Expression, by = 1) => (by === 1 ? x : multiply(x, by))
  const present: KeysAndValues[] = []
  const routing: LayerRouting[] = []
  let x = scaled(site.x, multipliers?.embedding)
  const hidden = [x]
  for (const [layer, { attention: shape }] of architecture.layers.entries()) {
    const rotary = rotaryFrequencies(shape.headSize, architecture.ropeTheta, architecture.ropeScaling)
    const attended = attention(norm(x, weights.layer(layer, 'attention_norm'), architecture), {
      shape,
      rotary: rotaryTable(architecture.context, rotary.frequencies, rotary.factor),
      positions: site.positions,
      mask: shape.window === undefined ? site.mask : windowMask(site.mask, site.positions, shape.window),
      qkv: weights.layer(layer, 'qkv'),
      qkvBias: shape.projectionBias ? weights.layer(layer, 'qkv_bias') : undefined,
      norms: shape.queryKeyNorm && {
        query: weights.layer(layer, 'query_norm'),
        key: weights.layer(layer, 'key_norm'),
        epsilon: architecture.normEpsilon
      },
      output: weights.layer(layer, 'attention_output'),
      outputBias: shape.outputBias && weights.layer(layer, 'attention_output_bias'),
      scale: multipliers?.attention ?? shape.headSize ** -0.5,
      past: site.past?.[layer]
    })
    present.push(attended.present)
    x = add(x, scaled(attended.output, multipliers?.residual))
    if (!site.skipped?.has(layer)) {
      const fed = feedForward(norm(x, weights.layer(layer, 'feed_forward_norm'), architecture), layer, site)
      if (fed.routing) routing.push(fed.routing)
      x = add(x, scaled(fed.output, multipliers?.residual))
    }
    hidden.push(x)
  }
  const last = norm(x, weights.finalNorm, architecture)
  const logits = weights.output ? matmul(last, weights.output) : matmul(last, weights.embedding, { b: true })
  return { logits: scaled(logits, multipliers && 1 / multipliers.logitsDivisor), hidden, present, routing }
}

function norm(x: Expression, scale: Expression, { normEpsilon }: Architecture): Expression {
  return rmsNorm(x, scale, normEpsilon)
}

function feedForward(
  x: Expression,
  layer: number,
  model: TransformerSite
): { output: Expression; routing?: LayerRouting } {
  const { architecture, weights, dispatch, reroute } = model
  const shape = architecture.layers[layer]?.feedForward
  if (shape?.kind !== 'moe') {
    return { output: swiGlu(x, weights.layer(layer, 'gate_up'), weights.layer(layer, 'down')) }
  }
  const router = routerOf(shape, architecture.width)
  const site = routerSite(router, x, model, { layer, shape })
  const routed = reroute ? reroute(router, site, { layer, shape }) : router.route(site)
  const { output, dropped } = dispatch({ x, routing: routed, shape, weights, layer })
  const routing = { ...routed, layer, shape, router, site, dropped: allDropped(routed.dropped, dropped) }
  if (shape.sharedWidth === 0) return { output, routing }
  const shared = swiGlu(x, weights.layer(layer, 'shared_gate_up'), weights.layer(layer, 'shared_down'))
  const gate = sigmoid(matmul(x, weights.layer(layer, 'shared_gate')))
  return { output: add(output, multiply(shared, gate)), routing }
}

function routerSite(
  router: LayerRouter,
  x: Expression,
  { architecture, weights, tokens, positions, training = false }: TransformerSite,
  { layer, shape: { experts } }: RouterPlace
): RouterSite {
  const [sequences, length] = positions.shape
  if (typeof sequences !== 'number') throw new Error('the number of sequences must be known')
  const { context, vocabularySize } = architecture
  let noise: Expression | undefined
  return {
    x,
    logits: router.matrix
      ? matmul(x, weights.layer(layer, 'router'))
      : multiply(slice(x, 0, 1, 1), zerosOf([1, experts])),
    tokens,
    vocabularySize,
    sequences,
    training,
    parameter: (name) => weights.layer(layer, `router.${name}`),
    noise: () => {
      if (!router.noise) throw new Error('this router says nothing of the noise that it asks for')
      noise ??= training
        ? noiseInput(layer, sequences * Number(length), experts)
        : fixedNoise(router.noise, { layer, experts, positions, context })
      return noise
    }
  }
}

function allDropped(byRouter: Expression | undefined, byDispatch: Expression | undefined): Expression | undefined {
  return byRouter && byDispatch ? add(byRouter, byDispatch) : (byRouter ?? byDispatch)
}
