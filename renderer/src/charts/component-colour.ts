import { componentNames } from '@core/arch/count/parameters'
import type { Component } from '@core/arch/describe/component'

/** A fill that stays readable under text, and its name. */
export interface ComponentLook {
  readonly name: string
  readonly fill: string
  /** Of what every token touches; what it does not touch is fainter. */
  readonly opacity: number
}

/** Colours of weights by component: experts as MoE, dense parts as dense, the rest grey. */
export function componentLook(component: Component): ComponentLook {
  const [fill, opacity] = looks[component]
  return { name: componentNames[component], fill, opacity }
}

const looks: Readonly<Record<Component, readonly [fill: string, opacity: number]>> = {
  experts: ['var(--moe)', 0.7],
  shared: ['var(--moe)', 0.45],
  dense: ['var(--dense)', 0.55],
  attention: ['var(--mute)', 0.62],
  linearAttention: ['var(--mute)', 0.4],
  indexer: ['var(--mute)', 0.28],
  embedding: ['var(--mute)', 0.22],
  positionEmbedding: ['var(--mute)', 0.22],
  output: ['var(--mute)', 0.22],
  router: ['var(--ink)', 0.6],
  norms: ['var(--mute)', 0.15],
  other: ['var(--mute)', 0.15]
}

/** Components in the order of legends and stacks. */
export const componentOrder: readonly Component[] = [
  'experts',
  'shared',
  'dense',
  'attention',
  'linearAttention',
  'indexer',
  'router',
  'embedding',
  'positionEmbedding',
  'output',
  'norms',
  'other'
]
