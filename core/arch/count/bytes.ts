/** What memory must hold of a model's weights, and what decoding reads of them. */

import type { Block, ModelDescription } from '../describe/description'
import type { WeightFormatId } from '../describe/weight-format'
import { distinctBlocks, storedBlocks } from './parameters'
import { bytesIn, isWeightFormat, quantisedFormat, weightFormats } from './weight-formats'
import { blockWeights, embeddingWeights, lookupWeights, outputWeights, stackWeights } from './weight-shapes'
import { byComponent, type Weights } from './weights'

/** Bytes of all weights in a format; those for multi-token prediction are not counted. */
export function storedBytes(description: ModelDescription, format: WeightFormatId): number {
  const bytes = bytesOf(format)
  const { read, lookedUp, blocks } = partsOf(description)
  return (
    sum([...read, ...lookedUp].map(bytes)) + sum(blocks.map(({ weights, copies }) => copies * sum(weights.map(bytes))))
  )
}

/** Bytes of all weights as they were published: in the quantiser's groups, with what it leaves in 16 bits. */
export function shippedBytes(description: ModelDescription): number {
  const { quantisation, shippedFormat } = description
  if (!quantisation) return storedBytes(description, isWeightFormat(shippedFormat) ? shippedFormat : 'bf16')
  const parts = quantisation.parts.map(quantisedFormat)
  const bytes = (weights: Weights) =>
    bytesIn(parts.find((part) => part.applies(weights.component)) ?? weightFormats.bf16, weights)
  const { read, lookedUp, blocks } = partsOf(description)
  return Math.round(
    sum([...read, ...lookedUp].map(bytes)) + sum(blocks.map(({ weights, copies }) => copies * sum(weights.map(bytes))))
  )
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
 * What a decoding step reads of the weights. For one token that is `fixed` and `topK` experts in each layer; a batch
 * reads `fixed` once and in each layer the distinct experts of all its tokens. Of tables that are only looked up a step
 * reads single rows, which are left out; a tied table is read as the output projection.
 */
export function weightReads(description: ModelDescription, format: WeightFormatId): WeightReads {
  const { width, stacks } = description
  const bytes = bytesOf(format)
  const reads = new Map<Block, WeightReads>()
  const ofBlock = (block: Block): WeightReads => {
    const found = reads.get(block) ?? readsOf(blockWeights(block, width), bytes)
    reads.set(block, found)
    return found
  }
  const blocks = stacks.flatMap((stack) => stack.blocks.map(ofBlock))
  return {
    fixed: sum(partsOf(description).read.map(bytes)) + sum(blocks.map((block) => block.fixed)),
    experts: blocks.flatMap((block) => block.experts)
  }
}

/** Bytes of the weights that decoding one token of one sequence reads. */
export function readBytesPerToken(description: ModelDescription, format: WeightFormatId): number {
  const bytes = bytesOf(format)
  const { read, blocks } = partsOf(description)
  const ofBlocks = blocks.map(({ weights, times }) => {
    const { fixed, experts } = readsOf(weights, bytes)
    return times * (fixed + sum(experts.map(({ topK, bytesPerExpert }) => topK * bytesPerExpert)))
  })
  return sum(read.map(bytes)) + sum(ofBlocks)
}

/** Matrices of which a token uses some copies make up the experts; those of one component have one router. */
function readsOf(weights: readonly Weights[], bytes: (weights: Weights) => number): WeightReads {
  const routed = weights.filter(({ copies, activeCopies }) => activeCopies !== copies)
  const always = weights.filter(({ copies, activeCopies }) => activeCopies === copies)
  const experts = [...byComponent(routed).values()].flatMap((members): ExpertReads[] => {
    const [first] = members
    if (!first) return []
    const { copies, activeCopies } = first
    return [{ experts: copies, topK: activeCopies, bytesPerExpert: sum(members.map(bytes)) / copies }]
  })
  return { fixed: sum(always.map(bytes)), experts }
}

/** The weights of a model as they are read. */
interface Parts {
  /** Besides the blocks: what a step reads all of, and the tables of which it looks up rows. */
  readonly read: readonly Weights[]
  readonly lookedUp: readonly Weights[]
  readonly blocks: readonly BlockReads[]
}

/** A kind of block. */
interface BlockReads {
  readonly weights: readonly Weights[]
  /** Passes of a token through such blocks; each reads the weights, also those that it shares with others. */
  readonly times: number
  /** Such blocks that have weights of their own. */
  readonly copies: number
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
      weights: blockWeights(block, width),
      times,
      copies: stored.get(block) ?? 0
    }))
  }
  known.set(description, parts)
  return parts
}

function bytesOf(format: WeightFormatId): (weights: Weights) => number {
  return (weights) => bytesIn(weightFormats[format], weights)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
