/** Total and active parameters of a description, by component and as a tree. */

import type { Component } from '../describe/component'
import type { Block, ModelDescription, MoeFeedForward, Stack } from '../describe/description'
import { expertParameters, meanActiveExperts } from './feed-forward'
import {
  blockWeights,
  embeddingWeights,
  lookupWeights,
  outputWeights,
  predictionWeights,
  stackWeights
} from './weight-shapes'
import { activeParametersOf, byComponent, parametersOf, type Weights } from './weights'

/** The weights that one token touches, in three conventions. An encoder-decoder model is given one token each. */
export interface ActiveParameters {
  /** Everything but the experts the token is not routed to (Mixtral, OLMoE, Qwen). */
  readonly all: number
  /** The same without the input lookup table; the output projection counts, also when it is the same tied table. */
  readonly no_input_embedding: number
  /** Without the tables of tokens and positions and without the output projection. */
  readonly no_embedding: number
}

/** Weights by what they are for; they sum to the total. */
export type ParameterComponents = Readonly<Record<Component, number>>

export interface ParameterCount {
  readonly total: number
  /** The mean over tokens where their number of experts differs (`activeRange`). */
  readonly active: ActiveParameters
  readonly components: ParameterComponents
}

export interface DescriptionCount extends ParameterCount {
  /** The least and the most that a token touches; null when every token costs the same. */
  readonly activeRange: { readonly least: ActiveParameters; readonly most: ActiveParameters } | null
  /** Further weights of the checkpoint, for multi-token prediction; not in the total. */
  readonly multiTokenPrediction: number
}

const known = new WeakMap<ModelDescription, DescriptionCount>()

/** Counts every weight of a model. Remembered as long as the description, since most figures begin with it. */
export function countDescription(description: ModelDescription): DescriptionCount {
  const counted = known.get(description) ?? count(description)
  known.set(description, counted)
  return counted
}

function count(description: ModelDescription): DescriptionCount {
  const { width, stacks, multiTokenPrediction } = description
  const components = emptyComponents()
  let all = 0
  const add = (weights: readonly Weights[], times = 1) => {
    for (const each of weights) {
      components[each.component] += times * parametersOf(each)
      all += times * activeParametersOf(each)
    }
  }
  add(embeddingWeights(description))
  add(lookupWeights(description))
  for (const stack of stacks) add(stackWeights(stack, width))
  const blocks = storedBlocks(stacks)
  for (const [block, times] of blocks) add(blockWeights(block, width), times)
  add(outputWeights(description))
  const lookups = sum(lookupWeights(description).map(parametersOf))
  const active = conventions(description, Math.round(all), components, lookups)
  return {
    total: sum(Object.values(components)),
    active,
    activeRange: activeRange(description, blocks, active),
    components,
    multiTokenPrediction: sum(
      multiTokenPrediction.map((module) =>
        sum(
          [...predictionWeights(module, width), ...module.blocks.flatMap((block) => blockWeights(block, width))].map(
            parametersOf
          )
        )
      )
    )
  }
}

/** A part of a model: its weights are those of its children. */
export interface ParameterNode {
  readonly name: string
  readonly parameters: number
  /** Touched by one token. */
  readonly active: number
  /** Its purpose, where it has one alone. */
  readonly component: Component | null
  readonly children: readonly ParameterNode[]
}

/**
 * The model as a tree: embedding, layers, output; in each layer its components; in each component its matrices, all
 * experts' matrices of a shape as one. Layers are named `layer 0` (in encoders and decoders by their stack).
 */
export function parameterTree(description: ModelDescription): ParameterNode {
  const { width, stacks } = description
  const known = new Map<Block, readonly ParameterNode[]>()
  const childrenOf = (block: Block): readonly ParameterNode[] => {
    const children = known.get(block) ?? componentNodes(blockWeights(block, width))
    known.set(block, children)
    return children
  }
  return node(description.modelType, null, [
    ...componentNodes([...embeddingWeights(description), ...lookupWeights(description)]),
    ...stacks.flatMap((stack) => [
      ...layerNames(stack, stacks.length > 1).map(([name, block]) => node(name, null, childrenOf(block))),
      ...componentNodes(stackWeights(stack, width))
    ]),
    ...componentNodes(outputWeights(description))
  ])
}

/** One for each layer that has weights of its own. */
function layerNames({ role, blocks, sharedBlocks }: Stack, withRole: boolean): (readonly [string, Block])[] {
  const prefix = withRole ? `${role} ` : ''
  const [first] = blocks
  if (sharedBlocks && first) return [[`${prefix}layers 0-${blocks.length - 1} (shared)`, first]]
  return blocks.map((block, index) => [`${prefix}layer ${index}`, block])
}

/** Each block with the number of times that a model stores its weights. */
export function storedBlocks(stacks: readonly Stack[]): Map<Block, number> {
  return distinctBlocks(stacks.flatMap(({ blocks, sharedBlocks }) => (sharedBlocks ? blocks.slice(0, 1) : blocks)))
}

/**
 * Active weights of blocks that are shared, as often as a token passes them again: they count once among the active
 * ones, and cost arithmetic each time.
 */
export function repeatedWeights({ stacks, width }: ModelDescription): number {
  const ofStack = ({ blocks: [first, ...again], sharedBlocks }: Stack) =>
    sharedBlocks && first ? again.length * sum(blockWeights(first, width).map(activeParametersOf)) : 0
  return sum(stacks.map(ofStack))
}

/** Each block with the number of times it occurs: layers that are the same object are counted once. */
export function distinctBlocks(blocks: readonly Block[]): Map<Block, number> {
  const counts = new Map<Block, number>()
  for (const block of blocks) counts.set(block, (counts.get(block) ?? 0) + 1)
  return counts
}

/** The feed-forwards with routed experts of a block. */
export function moeFeedForwards(block: Block): MoeFeedForward[] {
  return block.feedForwards.filter((each) => each.kind === 'moe')
}

function conventions(
  { tiedEmbeddings }: ModelDescription,
  all: number,
  { embedding, positionEmbedding, output }: ParameterComponents,
  lookups: number
): ActiveParameters {
  return {
    all,
    no_input_embedding: all - (tiedEmbeddings ? lookups : embedding),
    no_embedding: all - embedding - positionEmbedding - output
  }
}

/** Experts without weights make the cost depend on the token: on how many of its choices fall on them. */
function activeRange(
  { width }: ModelDescription,
  blocks: ReadonlyMap<Block, number>,
  active: ActiveParameters
): DescriptionCount['activeRange'] {
  let [fewer, more] = [0, 0]
  for (const [block, times] of blocks) {
    for (const moe of moeFeedForwards(block).filter(({ zeroExperts }) => zeroExperts > 0)) {
      const expert = times * expertParameters(moe, width)
      const mean = meanActiveExperts(moe)
      fewer += expert * (mean - Math.max(0, moe.topK - moe.zeroExperts))
      more += expert * (Math.min(moe.topK, moe.experts) - mean)
    }
  }
  if (fewer === 0 && more === 0) return null
  const shifted = (by: number): ActiveParameters => ({
    all: Math.round(active.all + by),
    no_input_embedding: Math.round(active.no_input_embedding + by),
    no_embedding: Math.round(active.no_embedding + by)
  })
  return { least: shifted(-fewer), most: shifted(more) }
}

function componentNodes(weights: readonly Weights[]): ParameterNode[] {
  return [...byComponent(weights)].map(([component, members]) =>
    node(componentNames[component], component, members.map(leaf))
  )
}

function leaf(weights: Weights): ParameterNode {
  const { name, component } = weights
  return {
    name,
    parameters: parametersOf(weights),
    active: activeParametersOf(weights),
    component,
    children: []
  }
}

function node(name: string, component: Component | null, children: readonly ParameterNode[]): ParameterNode {
  return {
    name,
    parameters: sum(children.map((each) => each.parameters)),
    active: sum(children.map((each) => each.active)),
    component,
    children
  }
}

/** Components in words. */
export const componentNames: Readonly<Record<Component, string>> = {
  embedding: 'token embedding',
  positionEmbedding: 'position embedding',
  output: 'output projection',
  attention: 'attention',
  indexer: 'indexer',
  linearAttention: 'linear attention',
  dense: 'dense feed-forward',
  router: 'router',
  experts: 'routed experts',
  shared: 'shared experts',
  norms: 'norms',
  other: 'other'
}

function emptyComponents(): Record<Component, number> {
  return {
    embedding: 0,
    positionEmbedding: 0,
    output: 0,
    attention: 0,
    indexer: 0,
    linearAttention: 0,
    dense: 0,
    router: 0,
    experts: 0,
    shared: 0,
    norms: 0,
    other: 0
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
