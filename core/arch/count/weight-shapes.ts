/** Every weight of a block, matrix by matrix: the one place where formulas of sizes are written. */

import type { Block, ModelDescription, Norm, PredictionModule, Stack } from '../describe/description'
import { feedForwardWeights } from './feed-forward'
import { mixerWeights } from './mixers'
import { listedWeights, type Weights, weights } from './weights'

/** The norms over the width of the residual stream, as one entry. */
export function normWeights(name: string, norm: Norm, count: number, width: number): Weights[] {
  const vectors = { none: 0, rms: 1, layerWithoutBias: 1, layer: 2 }[norm]
  return vectors * count === 0 ? [] : [weights('norms', name, vectors * count * width)]
}

const known = new WeakMap<Block, { readonly width: number; readonly weights: readonly Weights[] }>()

/** Every weight of a block. Remembered as long as the block, since every figure of a model begins with it. */
export function blockWeights(block: Block, width: number): readonly Weights[] {
  const found = known.get(block)
  if (found?.width === width) return found.weights
  const weights = [
    ...block.mixers.flatMap((mixer) => mixerWeights(mixer, width)),
    ...block.feedForwards.flatMap((feedForward) => feedForwardWeights(feedForward, width)),
    ...normWeights('norms', block.norm, block.norms, width),
    ...listedWeights(block.extras, width)
  ]
  known.set(block, { width, weights })
  return weights
}

/** Before the blocks: tables of tokens, positions and token types. */
export function embeddingWeights(description: ModelDescription): Weights[] {
  const { vocabularySize, width, learnedPositions, tokenTypes, embeddingNorm } = description
  return [
    weights('embedding', 'token embedding', vocabularySize, description.embeddingWidth ?? width),
    ...(learnedPositions > 0 ? [weights('positionEmbedding', 'positions', learnedPositions, width)] : []),
    ...(tokenTypes > 0 ? [weights('positionEmbedding', 'token types', tokenTypes, width)] : []),
    ...normWeights('embedding norm', embeddingNorm, 1, width)
  ]
}

/** Tables beside the token embedding of which a token looks up rows. */
export function lookupWeights({ lookups, width }: ModelDescription): Weights[] {
  return listedWeights(lookups, width)
}

/** A stack besides its blocks. */
export function stackWeights({ finalNorm, distanceBiases }: Stack, width: number): Weights[] {
  return [
    ...(distanceBiases
      ? [weights('positionEmbedding', 'distance biases', distanceBiases.buckets, distanceBiases.heads)]
      : []),
    ...normWeights('final norm', finalNorm, 1, width)
  ]
}

/** After the blocks: the output projection unless it is tied, its bias, BERT's pooler. */
export function outputWeights(description: ModelDescription): Weights[] {
  const { vocabularySize, width, tiedEmbeddings, outputBias, outputRows, pooler } = description
  const rows = outputRows ?? vocabularySize
  return [
    ...listedWeights(description.extras, width),
    ...(tiedEmbeddings || rows === 0
      ? []
      : [weights('output', 'output projection', rows, description.embeddingWidth ?? width)]),
    ...(outputBias && rows > 0 ? [weights('output', 'output bias', rows)] : []),
    ...(pooler ? [weights('other', 'pooler', width, width), weights('other', 'pooler bias', width)] : [])
  ]
}

/** A step of multi-token prediction besides its blocks. */
export function predictionWeights({ projections, norm, norms }: PredictionModule, width: number): Weights[] {
  return [
    { ...weights('other', 'projection', width, 2 * width), copies: projections, activeCopies: projections },
    ...normWeights('norms', norm, norms, width)
  ]
}
