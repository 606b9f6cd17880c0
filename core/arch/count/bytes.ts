/** Bytes of a model's weights: those that memory holds, and those that decoding reads. */

import type { Block, ModelDescription } from '../describe/description'
import type { WeightFormatId } from '../describe/weight-format'
import { distinctBlocks, storedBlocks } from './parameters'
import { bytesIn, isWeightFormat, quantisedFormat, weightFormats } from './weight-formats'
import { blockWeights, embeddingWeights, lookupWeights, outputWeights, stackWeights } from './weight-shapes'
import { byComponent, type Weights } from './weights'

/** Bytes of all weights in a format; those for multi-token prediction are not counted. */
export function storedBytes(description: ModelDescription, format: WeightFormatId): number {
  return bytesOfAll(description, bytesOf(format))
}

/** Bytes of all weights as they were published: in the quantiser's groups, with what it leaves in 16 bits. */
export function shippedBytes(description: ModelDescription): number {
  const { quantisation, shippedFormat } = description
  if (!quantisation) return storedBytes(description, isWeightFormat(shippedFormat) ? shippedFormat : 'bf16')
  const parts = quantisation.parts.map(quantisedFormat)
  const bytes = (weights: Weights) =>
    bytesIn(parts.find((part) => part.applies(weights.component)) ?? weightFormats.bf16, weights)
  return Math.round(bytesOfAll(description, bytes))
}

function bytesOfAll(description: ModelDescription, bytes: (weights: Weights) => number): number {
  const { read, lookedUp, blocks } = partsOf(description)
  const besides = sumOf(read, bytes) + sumOf(lookedUp, bytes)
  return besides + sumOf(blocks, ({ weights, copies }) => copies * sumOf(weights, bytes))
}

/** The routed experts of one MoE layer, with what a step reads of them. */
export interface ExpertReads {
  readonly experts: number
  /** Experts that one token uses; the mean where experts without weights take some of its choices. */
  readonly topK: number
  readonly bytesPerExpert: number
}

export interface WeightReads {
  /** Bytes that a decoding step reads once, however many sequences it serves. */
  readonly fixed: number
  /** In the order of the layers; JetMoE's have two each, one for the attention. */
  readonly experts: readonly ExpertReads[]
}

/**
 * The weights that a decoding step reads. For one token that is `fixed` and `topK` experts in each layer; a batch
 * reads `fixed` once and in each layer the distinct experts of all its tokens. Of tables that are only looked up a step
 * reads single rows, which are left out; a tied table is read as the output projection.
 */
export function weightReads(description: ModelDescription, format: WeightFormatId): WeightReads {
  const { stacks } = description
  const bytes = bytesOf(format)
  const { read, blocks } = partsOf(description)
  const reads = new Map(blocks.map((each) => [each.block, readsOf(each, bytes)]))
  const inOrder = stacks.flatMap((stack) => stack.blocks).flatMap((block) => reads.get(block) ?? [])
  return {
    fixed: sumOf(read, bytes) + sumOf(inOrder, ({ fixed }) => fixed),
    experts: inOrder.flatMap(({ experts }) => experts)
  }
}

/** Bytes of the weights that decoding one token of one sequence reads. */
export function readBytesPerToken(description: ModelDescription, format: WeightFormatId): number {
  const bytes = bytesOf(format)
  const { read, blocks } = partsOf(description)
  const ofBlock = (block: BlockParts) => {
    const { fixed, experts } = readsOf(block, bytes)
    return block.times * (fixed + sumOf(experts, ({ topK, bytesPerExpert }) => topK * bytesPerExpert))
  }
  return sumOf(read, bytes) + sumOf(blocks, ofBlock)
}

function readsOf({ always, routed }: BlockParts, bytes: (weights: Weights) => number): WeightReads {
  const experts = routed.map((members) => {
    const { copies, activeCopies } = members[0]
    return { experts: copies, topK: activeCopies, bytesPerExpert: sumOf(members, bytes) / copies }
  })
  return { fixed: sumOf(always, bytes), experts }
}

/** The weights of a model as they are read. */
interface Parts {
  /** Besides the blocks: what a step reads all of, and the tables of which it looks up rows. */
  readonly read: readonly Weights[]
  readonly lookedUp: readonly Weights[]
  readonly blocks: readonly BlockParts[]
}

/** A kind of block. */
interface BlockParts {
  readonly block: Block
  /** Passes of a token through such blocks; each reads the weights, also those that it shares with others. */
  readonly times: number
  /** Such blocks that have weights of their own. */
  readonly copies: number
  readonly weights: readonly Weights[]
  /** Of these, those of which a token uses all copies. */
  readonly always: readonly Weights[]
  /** The others, which are experts: those of one component have one router. */
  readonly routed: readonly (readonly [Weights, ...Weights[]])[]
}

const known = new WeakMap<ModelDescription, Parts>()

/** Remembered as long as the description, since a model is weighed in many formats. */
function partsOf(description: ModelDescription): Parts {
  const found = known.get(description)
  if (found) return found
  const { stacks, width, tiedEmbeddings } = description
  const besides = [
    ...embeddingWeights(description),
    ...stacks.flatMap((stack) => stackWeights(stack, width)),
    ...outputWeights(description)
  ]
  const isLookedUp = ({ component }: Weights) =>
    component === 'positionEmbedding' || (component === 'embedding' && !tiedEmbeddings)
  const stored = storedBlocks(stacks)
  const parts: Parts = {
    read: besides.filter((each) => !isLookedUp(each)),
    lookedUp: [...besides.filter(isLookedUp), ...lookupWeights(description)],
    blocks: [...distinctBlocks(stacks.flatMap(({ blocks }) => blocks))].map(([block, times]) => ({
      block,
      times,
      copies: stored.get(block) ?? 0,
      ...partedWeights(blockWeights(block, width))
    }))
  }
  known.set(description, parts)
  return parts
}

function partedWeights(weights: readonly Weights[]): Pick<BlockParts, 'weights' | 'always' | 'routed'> {
  const isRouted = ({ copies, activeCopies }: Weights) => activeCopies !== copies
  const groups = byComponent(weights.filter(isRouted)).values()
  const routed = [...groups].flatMap(([first, ...others]) => (first ? [[first, ...others] as const] : []))
  return { weights, always: weights.filter((each) => !isRouted(each)), routed }
}

function bytesOf(format: WeightFormatId): (weights: Weights) => number {
  return (weights) => bytesIn(weightFormats[format], weights)
}

function sumOf<T>(list: readonly T[], value: (each: T) => number): number {
  let sum = 0
  for (const each of list) sum += value(each)
  return sum
}
