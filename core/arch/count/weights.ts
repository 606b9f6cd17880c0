/** The unit of counting: one matrix or vector of a model. */

import type { Component } from '../describe/component'
import type { ListedWeights } from '../describe/description'

/** One matrix or vector, or as many of the same shape as there are experts. */
export interface Weights {
  readonly name: string
  readonly component: Component
  /** `[outputs, inputs]`, `[channels, kernel]`, `[rows, width]` of a table, or `[size]` of a bias or norm. */
  readonly shape: readonly number[]
  readonly copies: number
  /** The copies that one token uses; the mean where that depends on the token. */
  readonly activeCopies: number
}

/** A single matrix or vector. */
export function weights(component: Component, name: string, ...shape: readonly number[]): Weights {
  return { name, component, shape, copies: 1, activeCopies: 1 }
}

/** Listed weights at a width of the residual stream. */
export function listedWeights(list: readonly ListedWeights[] = [], width: number): Weights[] {
  return list.map(({ name, component, shape, copies = 1 }) => ({
    name,
    component,
    shape: shape.map((size) => (size === 'width' ? width : size)),
    copies,
    activeCopies: copies
  }))
}

/** The numbers in all copies. */
export function parametersOf({ shape, copies }: Weights): number {
  return times(copies, shape)
}

/** The numbers in the copies that one token uses. */
export function activeParametersOf({ shape, activeCopies }: Weights): number {
  return times(activeCopies, shape)
}

/** A loop, since every figure of every model is made of these products. */
function times(copies: number, shape: readonly number[]): number {
  let product = copies
  for (const size of shape) product *= size
  return product
}

/** Weights by what they are for, in the order in which each component first occurs. */
export function byComponent(weights: readonly Weights[]): Map<Component, Weights[]> {
  const groups = new Map<Component, Weights[]>()
  for (const each of weights) {
    const group = groups.get(each.component)
    if (group) group.push(each)
    else groups.set(each.component, [each])
  }
  return groups
}
