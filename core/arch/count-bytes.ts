/** What memory must hold of a model's weights, and what decoding reads of them. */
import { blockWeights, embeddingWeights, outputWeights, stackWeights } from './count-weights'
import type { Block, ModelDescription } from './description'
import { bytesIn, type WeightFormatId, weightFormats } from './weight-formats'
import { byComponent, type Weights } from './weights'

/** Bytes of all weights in a format; those for multi-token prediction are not counted. */
export function storedBytes(description: ModelDescription, format: WeightFormatId): number {
  const { fixed, experts } = weightReads(description, format)
  return (
    fixed +
    sum(experts.map((each) => each.experts * each.bytesPerExpert)) +
    sum(
      besidesBlocks(description)
        .filter((each) => !isRead(description, each))
        .map(bytesOf(format))
    )
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
  const known = new Map<Block, WeightReads>()
  const ofBlock = (block: Block): WeightReads => {
    const found = known.get(block) ?? readsOf(blockWeights(block, width), bytes)
    known.set(block, found)
    return found
  }
  const blocks = stacks.flatMap((stack) => stack.blocks.map(ofBlock))
  const besides = besidesBlocks(description).filter((each) => isRead(description, each))
  return {
    fixed: sum(besides.map(bytes)) + sum(blocks.map((block) => block.fixed)),
    experts: blocks.flatMap((block) => block.experts)
  }
}

/** Bytes of the weights that decoding one token of one sequence reads. */
export function readBytesPerToken(description: ModelDescription, format: WeightFormatId): number {
  const { fixed, experts } = weightReads(description, format)
  return fixed + sum(experts.map(({ topK, bytesPerExpert }) => topK * bytesPerExpert))
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

/** Tables, final norms and the output projection. */
function besidesBlocks(description: ModelDescription): Weights[] {
  const { stacks, width } = description
  return [
    ...embeddingWeights(description),
    ...stacks.flatMap((stack) => stackWeights(stack, width)),
    ...outputWeights(description)
  ]
}

/** Whether a step reads all of it, and not only the rows that it looks up. */
function isRead({ tiedEmbeddings }: ModelDescription, { component }: Weights): boolean {
  return component !== 'positionEmbedding' && (component !== 'embedding' || tiedEmbeddings)
}

function bytesOf(format: WeightFormatId): (weights: Weights) => number {
  return (weights) => bytesIn(weightFormats[format], weights)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
