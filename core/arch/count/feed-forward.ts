/** Weights of feed-forwards, dense and with experts. */

import type { Component } from '../describe/component'
import type { FeedForward, MoeFeedForward } from '../describe/description'
import { layerRouter } from '../describe/routed'
import { type Weights, weights } from './weights'

/** Width and kind of one feed-forward network: two matrices, three when it is gated. */
interface Network {
  readonly inputs: number
  readonly width: number
  readonly gated: boolean
  readonly bias: boolean
}

export function feedForwardWeights(feedForward: FeedForward, width: number): Weights[] {
  return feedForward.kind === 'dense'
    ? networkWeights('dense', 'feed-forward', { ...feedForward, inputs: width })
    : moeWeights(feedForward, width)
}

/**
 * Weights of the routed experts that one token uses on average. Choices that fall on experts without weights cost
 * nothing; with a uniform router their share is that of those experts (LongCat-Flash: 8 of 12 choices).
 */
export function meanActiveExperts({ experts, topK, zeroExperts }: MoeFeedForward): number {
  return (topK * experts) / (experts + zeroExperts)
}

/** Weights of one routed expert. */
export function expertParameters(
  { expertWidth, latentWidth, gated, expertBias }: MoeFeedForward,
  width: number
): number {
  const inputs = latentWidth ?? width
  return (gated ? 3 : 2) * inputs * expertWidth + (expertBias ? (gated ? 2 : 1) * expertWidth + inputs : 0)
}

function moeWeights(moe: MoeFeedForward, width: number): Weights[] {
  const { experts, zeroExperts, latentWidth, sharedExperts, sharedExpertWidth, gated, expertBias } = moe
  const expert = networkWeights('experts', 'expert', {
    inputs: latentWidth ?? width,
    width: moe.expertWidth,
    gated,
    bias: expertBias
  })
  const activeCopies = meanActiveExperts(moe)
  const sharedWidth = sharedExperts * sharedExpertWidth
  return [
    ...routerWeights(moe, width),
    ...(moe.routerBias ? [weights('router', 'router bias', experts + zeroExperts)] : []),
    ...(latentWidth === null
      ? []
      : [
          weights('other', 'projection into the latent', latentWidth, width),
          weights('other', 'projection out of the latent', width, latentWidth)
        ]),
    ...expert.map((each) => ({ ...each, copies: experts, activeCopies })),
    ...(sharedWidth > 0
      ? networkWeights('shared', 'shared expert', {
          inputs: width,
          width: sharedWidth,
          gated,
          bias: moe.sharedBias ?? expertBias
        })
      : []),
    ...(moe.sharedGate ? [weights('shared', 'gate of the shared expert', 1, width)] : []),
    ...(moe.outputBias ? [weights('other', 'output bias of the experts', width)] : [])
  ]
}

function routerWeights(moe: MoeFeedForward, width: number): Weights[] {
  const { matrix, parameters } = layerRouter(moe, width) ?? { matrix: true, parameters: [] }
  const choices = moe.experts + moe.zeroExperts
  return [
    ...(matrix && moe.routerMatrix !== false ? [weights('router', 'router', choices, width)] : []),
    ...parameters.map(({ name, shape }) => weights('router', `router ${name}`, ...shape.toReversed()))
  ]
}

function networkWeights(component: Component, name: string, { inputs, width, gated, bias }: Network): Weights[] {
  const up = (part: string) => [
    weights(component, `${name} ${part}`, width, inputs),
    ...(bias ? [weights(component, `${name} ${part} bias`, width)] : [])
  ]
  return [
    ...(gated ? up('gate') : []),
    ...up('up'),
    weights(component, `${name} down`, inputs, width),
    ...(bias ? [weights(component, `${name} down bias`, inputs)] : [])
  ]
}
