import type { RoutingCounts } from '../trace'
import { coefficientOfVariation } from './coefficient-of-variation'
import { deadExperts } from './dead-experts'
import { jainIndex } from './jain-index'
import { load } from './load'
import { maxViolation } from './max-violation'
import { normalisedEntropy } from './normalised-entropy'

/** Evenness of a layer's load; each field is defined by the function of its name. */
export interface Balance {
  readonly load: Float64Array
  readonly cv: number
  readonly entropy: number
  readonly jain: number
  readonly maxViolation: number
  readonly dead: readonly number[]
}

export interface BalanceOptions {
  /** As in `deadExperts`. */
  readonly deadBelowShare?: number
}

/** The balance of counts of one layer: `[experts]`. */
export function balanceOf(counts: ArrayLike<number>, { deadBelowShare = 0 }: BalanceOptions = {}): Balance {
  return {
    load: load(counts),
    cv: coefficientOfVariation(counts),
    entropy: normalisedEntropy(counts),
    jain: jainIndex(counts),
    maxViolation: maxViolation(counts),
    dead: deadExperts(counts, deadBelowShare)
  }
}

/** The part `[layers, experts]` of counts that belongs to one layer. */
export function layerOf<T extends Uint32Array | Float64Array>(counts: T, layer: number, experts: number): T {
  return counts.subarray(layer * experts, (layer + 1) * experts) as T
}

/**
 * Counts of all layers, added up over the steps `from` to `to` (exclusive) of a recording without tokens:
 * `[layers, experts]`. Throws a `RangeError` for steps that it does not have.
 */
export function countsOfSteps(recorded: RoutingCounts, from = 0, to = recorded.steps): Float64Array {
  const { layers, experts, steps, counts } = recorded
  if (!(from >= 0 && from < to && to <= steps)) {
    throw new RangeError(`counts: expected steps within 0 to ${steps}, found ${from} to ${to}`)
  }
  const size = layers.length * experts
  const total = new Float64Array(size)
  for (let i = from * size; i < to * size; i++) total[i % size] = (total[i % size] ?? 0) + (counts[i] ?? 0)
  return total
}
