import {
  blockWeights,
  embeddingWeights,
  lookupWeights,
  outputWeights,
  stackWeights
} from '@core/arch/count/weight-shapes'
import { activeParametersOf, byComponent, parametersOf, type Weights } from '@core/arch/count/weights'
import type { Component } from '@core/arch/describe/component'
import type { Block, ModelDescription } from '@core/arch/describe/description'

/** The weights of one component in a layer, or at an end of the model. */
export interface Part {
  readonly component: Component
  readonly parameters: number
  /** Touched by one token. */
  readonly active: number
  /** Of how many alike it is made, such as experts; 1 for what there is once. */
  readonly copies: number
}

/** Layers that are alike, wherever they stand; or what lies before or after them, which is there once. */
export interface LayerGroup {
  /** `layers 3–60`, `every 8th layer from 7`, `token embedding`. */
  readonly name: string
  /** Number of layers in the group. */
  readonly times: number
  /** Of one of them. */
  readonly parts: readonly Part[]
  /** Their places, counted from 0, among the layers of their stack; empty for the ends. */
  readonly places: readonly number[]
  /** Layers of the stack; 0 for the ends. */
  readonly of: number
}

/** The model from its input to its output, layers that are alike collapsed, in the order in which each first occurs. */
export function layerGroups(description: ModelDescription): LayerGroup[] {
  const { stacks, width } = description
  return [
    ...endOf('embedding', [...embeddingWeights(description), ...lookupWeights(description)]),
    ...stacks.flatMap(({ role, blocks }) =>
      [...placesOf(blocks)].map(([block, places]) => ({
        name: `${stacks.length > 1 ? `${role} ` : ''}${placesText(places)}`,
        times: places.length,
        parts: partsOf(blockWeights(block, width)),
        places,
        of: blocks.length
      }))
    ),
    ...endOf('output', [...stacks.flatMap((stack) => stackWeights(stack, width)), ...outputWeights(description)])
  ]
}

/** The places of layers in words, counted from 0: `layers 3–60`. */
export function placesText(places: readonly number[]): string {
  const [first = 0, second = first] = places
  const last = places.at(-1) ?? first
  if (places.length === 1) return `layer ${first}`
  const stride = second - first
  const regular = places.every((place, i) => place === first + i * stride)
  if (regular && stride === 1) return `layers ${first}–${last}`
  if (regular && places.length > 2) return `every ${ordinal(stride)} layer from ${first}`
  return `${places.length} layers from ${first} to ${last}`
}

function ordinal(count: number): string {
  return `${count}${{ 1: 'st', 2: 'nd', 3: 'rd' }[count] ?? 'th'}`
}

function placesOf(blocks: readonly Block[]): Map<Block, number[]> {
  const places = new Map<Block, number[]>()
  blocks.forEach((block, i) => {
    const known = places.get(block)
    if (known) known.push(i)
    else places.set(block, [i])
  })
  return places
}

function endOf(name: string, weights: readonly Weights[]): LayerGroup[] {
  return weights.length === 0 ? [] : [{ name, times: 1, parts: partsOf(weights), places: [], of: 0 }]
}

function partsOf(weights: readonly Weights[]): Part[] {
  return [...byComponent(weights)].map(([component, members]) => ({
    component,
    parameters: members.reduce((sum, each) => sum + parametersOf(each), 0),
    active: members.reduce((sum, each) => sum + activeParametersOf(each), 0),
    copies: Math.max(...members.map(({ copies }) => copies))
  }))
}
