import { storedBytes, weightReads } from '../../arch/count/bytes'
import { cacheBytes } from '../../arch/count/cache'
import { decodeFlopsPerToken, prefillFlopsPerToken } from '../../arch/count/flops'
import type { Block, ModelDescription } from '../../arch/describe/description'
import type { WeightFormatId } from '../../arch/describe/weight-format'
import type { Precision } from './device'
import type { Workload } from './workload'

export interface WorkloadOptions {
  /** Storage format of the weights. */
  readonly format: WeightFormatId
  /** Tokens of each sequence that a decoded token attends to, itself included. */
  readonly context: number
  /** Tokens of each prompt; by default the whole context. */
  readonly promptTokens?: number
  /** Sequences at once; default 1. */
  readonly batch?: number
  /** Bytes of a number of the cache and of a hidden state; default 2. */
  readonly bytesPerValue?: number
}

/**
 * Workload of a described model. Only for models of one decoder: in others a step of writing and one of
 * reading pass different weights, which one workload cannot say (`writesTokens`).
 */
export function describeWorkload(description: ModelDescription, options: WorkloadOptions): Workload {
  const { format, context, promptTokens = context, batch = 1, bytesPerValue = 2 } = options
  const { fixed, experts } = weightReads(description, format)
  // In 32 bits every weight takes four bytes, whatever the matrix: so its weights are counted.
  const parameters = weightReads(description, 'fp32').experts.map(({ bytesPerExpert }) => bytesPerExpert / 4)
  const hidden = description.stacks.flatMap(({ blocks }) => blocks.flatMap((block) => hiddenSizes(block, description)))
  const moeLayers = experts.map((layer, i) => ({
    ...layer,
    flopsPerExpert: 2 * (parameters[i] ?? 0),
    hiddenBytes: bytesPerValue * (hidden[i] ?? description.width)
  }))
  const ofExperts = sum(moeLayers.map(({ topK, flopsPerExpert }) => topK * flopsPerExpert))
  const { keysAndValues, state, readPerStep } = cacheBytes(description, { context, bytesPerValue })
  return {
    denseBytes: fixed,
    restingBytes:
      storedBytes(description, format) - fixed - sum(moeLayers.map((each) => each.experts * each.bytesPerExpert)),
    layers: sum(description.stacks.map(({ blocks }) => blocks.length)),
    moeLayers,
    denseFlops: {
      prefill: prefillFlopsPerToken(description, promptTokens) - ofExperts,
      decode: decodeFlopsPerToken(description, context) - ofExperts
    },
    cacheBytes: keysAndValues + state,
    cacheReadBytes: readPerStep,
    batch,
    promptTokens
  }
}

/** True of a model that writes token after token with all of its weights, so that its speed can be predicted. */
export function writesTokens({ stacks }: ModelDescription): boolean {
  return stacks.length === 1 && stacks[0]?.role === 'decoder'
}

/** The arithmetic that weights of a format are computed in: whole numbers and blocks are widened to 16 bits first. */
export function computingPrecision(format: WeightFormatId): Precision {
  return format === 'fp32' || format === 'fp8' ? format : 'bf16'
}

/** Width of what goes to the experts, for each set of experts of a block, as `weightReads` has them. */
function hiddenSizes({ mixers, feedForwards }: Block, { width }: ModelDescription): number[] {
  return [
    ...mixers.filter(({ kind }) => kind === 'routedAttention').map(() => width),
    ...feedForwards.flatMap((each) => (each.kind === 'moe' ? [each.latentWidth ?? width] : []))
  ]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
