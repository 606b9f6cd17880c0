/** Predicted speed of a model in the situation that is chosen. */
import {
  computingPrecision,
  type Device,
  describeWorkload,
  type Limit,
  type Phase,
  predictSpeed,
  type SpeedPrediction,
  writesTokens
} from '@core/bench/predicted'
import type { ArchitectureChoices } from './choices'
import type { Subject } from './subjects'

/** Bottlenecks of a step, in words. */
export const limitWords: Readonly<Record<Limit, string>> = {
  weights: 'reading weights',
  compute: 'arithmetic',
  cache: 'reading caches',
  exchange: 'device exchange',
  fixed: 'the fixed cost of a step'
}

type Situation = Pick<ArchitectureChoices, 'format' | 'context' | 'batch'>

/**
 * Predicted speed of a model on a device, or in words why there is none.
 *
 * @param distinct different experts of a step by MoE layer, where they were counted; random routing otherwise
 */
export function predict(
  phase: Phase,
  { description }: Pick<Subject, 'description'>,
  { format, context, batch }: Situation,
  device: Device,
  distinct?: readonly number[]
): SpeedPrediction | string {
  if (!writesTokens(description)) {
    return 'No speed is predicted: with an encoder, reading and writing pass different weights, and each is a question of its own.'
  }
  try {
    const workload = describeWorkload(description, { format, context, batch })
    const moeLayers = workload.moeLayers.map((layer, i) => {
      const counted = distinct?.[i]
      if (counted === undefined) return layer
      // A trace can have tokens that were sent to fewer experts than its top-k, or to none.
      return { ...layer, distinctExperts: Math.min(layer.experts, Math.max(layer.topK, counted)) }
    })
    return predictSpeed(phase, { ...workload, moeLayers }, device, computingPrecision(format))
  } catch (error) {
    // A device that does not compute in this precision, or a shape that no token can be routed in.
    if (error instanceof RangeError) return `No speed is predicted: ${error.message}.`
    throw error
  }
}
