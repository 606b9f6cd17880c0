/** The parts of one layer of the decoder, as expressions. */
import type { Architecture, MoeFeedForward } from '../arch/architecture'
import { rotaryFrequencies, scoreFactor } from '../arch/rotary-scaling'
import type { Expression } from '../graph/expression'
import { add, matmul, multiply, rmsNorm, rotaryTable, sigmoid, slice, zerosOf } from '../graph/operators'
import { routerOf } from '../routers'
import type { LayerRouter, RouterSite } from '../routers/router'
import type { Routing } from '../routers/routing'
import type { KeysAndValues } from './attention'
import { attention } from './attention'
import { windowMask } from './causal'
import { swiGlu } from './feed-forward'
import { fixedNoise, noiseInput } from './router-noise'
import type { Weights } from './weights'

/** The inputs of every layer beside its tokens' hidden states. */
export interface LayerSite {
  readonly architecture: Architecture
  readonly weights: Weights
  /** Takes the place of a router's own decisions. */
  readonly reroute?: (router: LayerRouter, site: RouterSite, at: RouterPlace) => Routing
  /** True for a step of a training; see `RouterSite.training`. */
  readonly training?: boolean
  /** Ids of the tokens: int32 `[tokens]`. */
  readonly tokens: Expression
  /** int64 `[batch, tokens of a sequence]`. */
  readonly positions: Expression
  /** Attention mask, see `AttentionSite.mask`. */
  readonly mask: Expression
  /** Keys and values of earlier tokens, one pair for each layer. */
  readonly past?: readonly KeysAndValues[]
}

/** The layer of a router. */
export interface RouterPlace {
  /** Index among all layers. */
  readonly layer: number
  readonly shape: MoeFeedForward
}

/** A router and its decisions. */
export interface RoutedTokens extends RouterPlace {
  readonly router: LayerRouter
  readonly site: RouterSite
  readonly routing: Routing
}

/** `x * by`, and x itself for 1. */
export function scaled(x: Expression, by = 1): Expression {
  return by === 1 ? x : multiply(x, by)
}

/** The RMSNorm of a model. */
export function norm(x: Expression, scale: Expression, { normEpsilon }: Architecture): Expression {
  return rmsNorm(x, scale, normEpsilon)
}

/** The output of a layer's attention on the residual stream `[tokens, d]`, and the keys and values of these tokens. */
export function attentionOf(
  x: Expression,
  layer: number,
  { architecture, weights, positions, mask, past }: LayerSite
): { readonly output: Expression; readonly present: KeysAndValues } {
  const shape = architecture.layers[layer]?.attention
  if (!shape) throw new RangeError(`the model has no layer ${layer}`)
  const { headSize, latent, rotarySize = latent?.rotarySize ?? headSize } = shape
  const rotary = rotaryFrequencies(rotarySize, architecture.ropeTheta, architecture.ropeScaling)
  const stretched = latent ? scoreFactor(architecture.ropeScaling) : 1
  return attention(norm(x, weights.layer(layer, 'attention_norm'), architecture), {
    shape,
    rotary: rotaryTable(architecture.context, rotary.frequencies, rotary.factor),
    positions,
    mask: shape.window === undefined ? mask : windowMask(mask, positions, shape.window),
    weight: (part) => weights.layer(layer, part),
    epsilon: architecture.normEpsilon,
    scale: architecture.multipliers?.attention ?? headSize ** -0.5 * stretched,
    past: past?.[layer]
  })
}

/** The input of a layer's feed-forward: the norm of the residual stream after attention. */
export function feedForwardInput(x: Expression, layer: number, { architecture, weights }: LayerSite): Expression {
  return norm(x, weights.layer(layer, 'feed_forward_norm'), architecture)
}

/** The decisions of a layer's router on the inputs of its experts `[tokens, d]`. */
export function routed(x: Expression, place: RouterPlace, model: LayerSite): RoutedTokens {
  const router = routerOf(place.shape, model.architecture.width)
  const site = routerSite(router, x, model, place)
  const routing = model.reroute ? model.reroute(router, site, place) : router.route(site)
  return { ...place, router, site, routing }
}

function routerLogits(x: Expression, weights: Weights, layer: number, hasBias = false): Expression {
  const logits = matmul(x, weights.layer(layer, 'router'))
  return hasBias ? add(logits, weights.layer(layer, 'router_bias')) : logits
}

/** The gate of a layer's shared expert, `[tokens, 1]`. */
export function sharedGate(x: Expression, layer: number, { weights }: LayerSite): Expression {
  return sigmoid(matmul(x, weights.layer(layer, 'shared_gate')))
}

/** The output of a layer's shared expert, without its gate. */
export function sharedExpert(x: Expression, layer: number, { weights }: LayerSite): Expression {
  return swiGlu(x, weights.layer(layer, 'shared_gate_up'), weights.layer(layer, 'shared_down'))
}

function routerSite(
  router: LayerRouter,
  x: Expression,
  { architecture, weights, tokens, positions, training = false }: LayerSite,
  { layer, shape: { experts, routerBias } }: RouterPlace
): RouterSite {
  const [sequences, length] = positions.shape
  if (typeof sequences !== 'number') throw new Error('the number of sequences must be known')
  const { context, vocabularySize } = architecture
  let noise: Expression | undefined
  return {
    x,
    logits: router.matrix
      ? routerLogits(x, weights, layer, routerBias)
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
