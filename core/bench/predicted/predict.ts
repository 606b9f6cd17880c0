/**
 * Predicted speed by the roofline (Williams et al. 2009): a stage takes as long as its arithmetic or its traffic with
 * memory, whichever is longer, and the next stage waits for both.
 *
 * Stages of a step on the busiest of n devices: the dense part (weights once, FLOPs of its share of the tokens), the
 * caches of its sequences (read when decoding, written in a prefill), and each MoE layer (every distinct expert of the
 * batch once, spread evenly over the devices, at least one). With several devices the dense part stands on all of them,
 * each with a share of the sequences; experts are divided, and each MoE layer sends hidden states to the experts'
 * devices and back:
 *
 *   bytes sent = 2 x tokens of the device x k x (n - 1)/n x bytes of a hidden state
 *
 * On a device with measured caches, bytes are read as fast as the cache that holds all that is read between two
 * visits: weights that every step reads come round after the bytes of a step, an expert after those of the whole model.
 * With a measured fixed cost of a decode step, every layer adds its own.
 */
import { computeAt, type Device, type Precision, readRateAt } from './device'
import { expectedDistinctExperts } from './distinct-experts'
import type { MoeLayerWork, Workload } from './workload'

export type Phase = 'prefill' | 'decode'

/** Parts of a step's time; `fixed` is its time with next to nothing to compute. */
export const limits = ['compute', 'weights', 'cache', 'exchange', 'fixed'] as const
export type Limit = (typeof limits)[number]

export interface SpeedPrediction {
  readonly standing: 'predicted'
  readonly phase: Phase
  /** Of one step: a token of every sequence when decoding, all prompts in a prefill. */
  readonly seconds: number
  /** Of all sequences together. */
  readonly tokensPerSecond: number
  /** Seconds by what they are waited for; they add up to `seconds`. */
  readonly parts: Readonly<Record<Limit, number>>
  /** The largest part. */
  readonly limit: Limit
  /** Seconds that each would take if it were alone; what is hidden behind another is in here too. */
  readonly alone: Readonly<Record<Limit, number>>
  /** Different experts that the step uses, for each MoE layer. */
  readonly distinctExperts: readonly number[]
  readonly memory: MemoryNeed
}

/** Memory of one device, in bytes. */
export interface MemoryNeed {
  readonly weights: number
  readonly cache: number
  readonly needed: number
  /** The share of its memory that a model can have. Null where it is not known; then so is whether the model fits. */
  readonly available: number | null
  readonly fits: boolean | null
}

/**
 * Predicts the speed of a phase. Throws a `RangeError` when the workload or the device is impossible (a batch that is
 * not a whole number, more experts for a token than there are, several devices without an interconnect, an efficiency
 * that is no share), or when the device cannot compute at the precision.
 */
export function predictSpeed(
  phase: Phase,
  workload: Workload,
  device: Device,
  precision: Precision = 'bf16'
): SpeedPrediction {
  check(workload, device)
  const { batch, promptTokens, moeLayers } = workload
  const { efficiency, devices } = device
  const flopsPerSecond = computeAt(device, precision) * efficiency.compute
  const tokensOfSequence = phase === 'prefill' ? promptTokens : 1
  const sequences = Math.ceil(batch / devices)
  const tokens = batch * tokensOfSequence
  const ownTokens = sequences * tokensOfSequence
  const distinctExperts = moeLayers.map((layer) => distinctOf(layer, phase, tokens))
  const cachePerSequence = phase === 'decode' ? (workload.cacheReadBytes ?? workload.cacheBytes) : workload.cacheBytes
  const cacheBytes = cachePerSequence * sequences
  const expertBytes = (count: (layer: MoeLayerWork, i: number) => number) =>
    sum(moeLayers.map((layer, i) => (layer.bytesPerExpert * count(layer, i)) / devices))
  const bytesOfStep = workload.denseBytes + cacheBytes + expertBytes((_, i) => distinctExperts[i] ?? 0)
  const bytesOfModel = workload.denseBytes + cacheBytes + expertBytes(({ experts }) => experts)
  const bytesPerSecond = readRateAt(device, bytesOfStep) * efficiency.memory
  const expertBytesPerSecond = readRateAt(device, bytesOfModel) * efficiency.memory

  const dense = {
    compute: (workload.denseFlops[phase] * ownTokens) / flopsPerSecond,
    weights: workload.denseBytes / bytesPerSecond
  }
  const layers = moeLayers.map((layer, i) => {
    const imbalance = devices > 1 ? (layer.imbalance ?? 1) : 1
    const visits = Math.max(1, (tokens * layer.topK * imbalance) / devices)
    const experts = Math.max(1, (distinctExperts[i] ?? 0) / devices)
    return {
      compute: (layer.flopsPerExpert * visits) / flopsPerSecond,
      weights: (layer.bytesPerExpert * experts) / expertBytesPerSecond
    }
  })
  const cache = cacheBytes / bytesPerSecond
  const exchange = exchangeSeconds(moeLayers, ownTokens, device)
  const fixed = phase === 'decode' ? fixedSeconds(workload, device) : 0

  const stages = [dense, ...layers]
  const parts = {
    compute: sum(stages.map(({ compute, weights }) => (compute >= weights ? compute : 0))),
    weights: sum(stages.map(({ compute, weights }) => (compute >= weights ? 0 : weights))),
    cache,
    exchange: exchange * (1 - efficiency.exchangeOverlap),
    fixed
  }
  const seconds = sum(Object.values(parts))
  return {
    standing: 'predicted',
    phase,
    seconds,
    tokensPerSecond: tokens / seconds,
    parts,
    limit: largest(parts),
    alone: {
      compute: sum(stages.map(({ compute }) => compute)),
      weights: sum(stages.map(({ weights }) => weights)),
      cache,
      exchange,
      fixed
    },
    distinctExperts,
    memory: memoryNeed(workload, device)
  }
}

/** Memory that a model takes on each device: the dense part whole, experts and sequences divided. */
export function memoryNeed(workload: Workload, { devices, memoryBytes, efficiency }: Device): MemoryNeed {
  const available = memoryBytes === null ? null : memoryBytes * efficiency.capacity
  const experts = sum(workload.moeLayers.map((layer) => layer.bytesPerExpert * Math.ceil(layer.experts / devices)))
  const weights = workload.denseBytes + (workload.restingBytes ?? 0) + experts
  const cache = workload.cacheBytes * Math.ceil(workload.batch / devices)
  const needed = weights + cache
  return { weights, cache, needed, available, fits: available === null ? null : needed <= available }
}

/** Comparison of a prediction with a measurement. */
export interface PredictionError {
  readonly predicted: number
  readonly measured: number
  /** (predicted - measured) / measured: 0.1 is 10 % too fast. */
  readonly relative: number
}

/** Compares predicted with measured tokens per second. Throws a `RangeError` unless the measured ones are positive. */
export function predictionError(predicted: number, measured: number): PredictionError {
  if (!(measured > 0)) throw new RangeError(`measured tokens per second: expected a positive number, found ${measured}`)
  return { predicted, measured, relative: (predicted - measured) / measured }
}

/** A measured number of experts holds for the batch that it was measured with: for decode steps. */
function distinctOf(layer: MoeLayerWork, phase: Phase, tokens: number): number {
  if (phase === 'decode' && layer.distinctExperts !== undefined) return layer.distinctExperts
  return expectedDistinctExperts(layer.experts, layer.topK, tokens)
}

function exchangeSeconds(layers: readonly MoeLayerWork[], ownTokens: number, device: Device): number {
  const { devices, interconnect, efficiency } = device
  if (devices === 1 || !interconnect) return 0
  const bandwidth = interconnect.bandwidth * efficiency.interconnect
  const elsewhere = (devices - 1) / devices
  return sum(
    layers.map(({ topK, hiddenBytes, imbalance = 1 }) => {
      const oneWay = (ownTokens * topK * elsewhere * hiddenBytes * imbalance) / bandwidth
      return 2 * (oneWay + efficiency.exchangeLatency)
    })
  )
}

/** It was measured of steps that decode one token. */
function fixedSeconds({ layers, moeLayers }: Workload, { stepCost }: Device): number {
  if (!stepCost) return 0
  const [step, denseLayer, moeLayer] = [
    stepCost.stepMs / 1000,
    stepCost.denseLayerMs / 1000,
    stepCost.moeLayerMs / 1000
  ]
  return step + denseLayer * Math.max(0, layers - moeLayers.length) + moeLayer * moeLayers.length
}

function largest(parts: Readonly<Record<Limit, number>>): Limit {
  return limits.reduce((most, limit) => (parts[limit] > parts[most] ? limit : most))
}

function check({ batch, promptTokens, moeLayers }: Workload, device: Device): void {
  const { name, devices, interconnect, efficiency } = device
  for (const [what, value] of Object.entries({ batch, promptTokens, devices })) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new RangeError(`${what}: expected a whole number of 1 or more, found ${value}`)
    }
  }
  for (const [i, { experts, topK, distinctExperts }] of moeLayers.entries()) {
    if (!(topK >= 1 && topK <= experts)) {
      throw new RangeError(`MoE layer ${i}: expected 1 to ${experts} experts for each token, found ${topK}`)
    }
    if (distinctExperts !== undefined && !(distinctExperts >= topK && distinctExperts <= experts)) {
      throw new RangeError(
        `MoE layer ${i}: expected ${topK} to ${experts} different experts in a step, found ${distinctExperts}`
      )
    }
  }
  for (const part of ['compute', 'memory', 'interconnect', 'capacity'] as const) {
    const share = efficiency[part]
    if (!(share > 0 && share <= 1)) {
      throw new RangeError(`${name}, efficiency of ${part}: expected a share above 0, at most 1, found ${share}`)
    }
  }
  const { exchangeOverlap } = efficiency
  if (!(exchangeOverlap >= 0 && exchangeOverlap <= 1)) {
    throw new RangeError(`${name}, overlap of the exchange: expected a share from 0 to 1, found ${exchangeOverlap}`)
  }
  if (devices > 1 && !interconnect) throw new RangeError(`${name}: ${devices} devices need an interconnect`)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
