/**
 * Parameters, arithmetic and memory of the architectures that Moescope runs: described, then counted as any other model.
 * The conventions are those of the laboratories' model cards, which differ in what they call active; every figure here
 * says which one it follows.
 */
import type { Architecture } from '../architecture'
import { describe } from '../describe/architecture'
import { cacheBytes } from './cache'
import { modelFlopsPerToken } from './flops'
import { countDescription, type ParameterCount } from './parameters'

export type { ActiveParameters, ParameterComponents, ParameterCount } from './parameters'

/** Counts every weight of a checkpoint of this architecture. */
export function countParameters(architecture: Architecture): ParameterCount {
  const { total, active, components } = countDescription(describe(architecture))
  return { total, active, components }
}

/**
 * Floating-point operations of the forward pass of one token that attends to `contextLength` tokens (itself
 * included), as in decoding: 2 for each active weight without the input lookup (the vectors of norms and biases, below
 * 0.1 %, count as if they were matrices) plus 2 for each product of the attention scores and of the weighted values.
 * Softmax, rotation and activation functions are left out, as in the scaling-law papers (Kaplan et al. 2020, 2.1).
 */
export function flopsPerToken(architecture: Architecture, contextLength: number): number {
  return modelFlopsPerToken(describe(architecture), contextLength)
}

/**
 * Floating-point operations of training on one token, forward and backward, averaged over the positions of a causal
 * window of `windowLength` tokens. The backward pass counts twice the forward one (Hoffmann et al. 2022, appendix F).
 */
export function trainFlopsPerToken(architecture: Architecture, windowLength = architecture.context): number {
  const windows = new Set(architecture.layers.map(({ attention }) => attention.window ?? windowLength))
  const inside = [...windows].filter((each) => each < windowLength).toSorted((a, b) => a - b)
  if (inside.length === 0) return 3 * flopsPerToken(architecture, (windowLength + 1) / 2)
  // Linear in the position from the end of one window of attention to that of the next.
  let total = 0
  let from = 0
  for (const to of [...inside, windowLength]) {
    total += ((to - from) * (flopsPerToken(architecture, from + 1) + flopsPerToken(architecture, to))) / 2
    from = to
  }
  return (3 * total) / windowLength
}

/** Bytes that one token adds to the cache of keys and values, all layers together. */
export function kvBytesPerToken(architecture: Architecture, bytesPerValue: number): number {
  return cacheBytes(describe(architecture), { context: 1, bytesPerValue }).perToken
}

/** Bytes of a number of weights in four precisions, without scales or zero points of the quantised ones. */
export interface WeightBytes {
  readonly fp32: number
  readonly bf16: number
  readonly int8: number
  readonly int4: number
}

/** Bytes of all weights: what the memory must hold. */
export function weightBytes(architecture: Architecture): WeightBytes {
  return bytesOf(countParameters(architecture).total)
}

/** Bytes of weights that decoding one token reads (`no_input_embedding`: of the input table it reads one row only). */
export function activeBytesPerToken(architecture: Architecture): WeightBytes {
  return bytesOf(countParameters(architecture).active.no_input_embedding)
}

function bytesOf(weights: number): WeightBytes {
  return { fp32: 4 * weights, bf16: 2 * weights, int8: weights, int4: Math.ceil(weights / 2) }
}
