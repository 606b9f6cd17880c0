import type { StepCost } from '../experts-cost'
import type { ReadRate } from '../probe'

/** Number formats of the arithmetic. */
export const precisions = ['fp32', 'bf16', 'fp8'] as const
export type Precision = (typeof precisions)[number]

/** One device, or several alike with the experts of a model divided among them. */
export interface Device {
  readonly id: string
  readonly name: string
  readonly kind: 'laptop' | 'desktop' | 'data centre' | 'this machine' | 'described here'
  /** Bytes per second that one device reads from its memory. */
  readonly memoryBandwidth: number
  /**
   * The same by how many bytes are read again and again, fewest first, where caches were measured; beyond the most it is
   * `memoryBandwidth`.
   */
  readonly readRates?: readonly ReadRate[]
  /** Fixed cost of a decode step beside arithmetic and traffic; left out where it is not known. */
  readonly stepCost?: FixedCost
  /** Bytes of memory of one device; null where it is not known. */
  readonly memoryBytes: number | null
  /** Dense FLOP/s of one device by precision, not those that count on zeros in the weights. */
  readonly compute: Partial<Readonly<Record<Precision, number>>>
  /** Number of devices, and the link between them; null for one alone. */
  readonly devices: number
  readonly interconnect: Interconnect | null
  /** Power limit of one device in watts; null where it is not known. */
  readonly watts: number | null
  readonly efficiency: Efficiency
  /** Source of the figures. */
  readonly source: string
}

/** Time that a decode step takes even with nothing to compute, for one of the ways to compute experts. */
export interface FixedCost extends Pick<StepCost, 'stepMs' | 'denseLayerMs'> {
  /** Milliseconds of each layer with routed experts. */
  readonly moeLayerMs: number
}

/** Link between devices. */
export interface Interconnect {
  readonly name: string
  /** Bytes per second that one device sends, while it receives as many. */
  readonly bandwidth: number
}

/** Shares of the limits that programs reach; assumptions that a user may change. */
export interface Efficiency {
  readonly compute: number
  readonly memory: number
  readonly interconnect: number
  /** Share of the memory that a model can have; the rest is the system's and the program's. */
  readonly capacity: number
  /** Seconds that one exchange between devices takes beyond its bytes. */
  readonly exchangeLatency: number
  /** Share of the exchange that runs behind computing, as with two half batches in turns; 0 when it is waited for. */
  readonly exchangeOverlap: number
}

/**
 * Fractions that good programs reach. PaLM trained at 46 % and well tuned trainings reach half (Chowdhery et al. 2022,
 * table 3). Memory and interconnect: large transfers reach about three quarters of the limit. Latency: some tens of
 * microseconds for an exchange of eight devices. None of it is a vendor's figure.
 */
export const assumedEfficiency: Efficiency = {
  compute: 0.5,
  memory: 0.75,
  interconnect: 0.75,
  capacity: 0.9,
  exchangeLatency: 20e-6,
  exchangeOverlap: 0
}

/** A device as measured by a probe: what it reached is what it can do. */
export interface DeviceProbe {
  /** Billions of FLOP/s of a large matrix product. */
  readonly gflops: number
  /** Billions of bytes per second when every byte of a large matrix is read once. */
  readonly readGigabytesPerSecond: number
  /** The same by the number of bytes, fewest first. */
  readonly readRates?: readonly ReadRate[]
  readonly stepCost?: FixedCost
  /** Bytes of memory that models may take. */
  readonly memoryBytes?: number
}

/** This machine as a device: the probed limits, taken as reached in full. */
export function probedDevice(probe: DeviceProbe): Device {
  const { gflops, readGigabytesPerSecond, readRates, stepCost, memoryBytes } = probe
  return {
    id: 'this-machine',
    name: 'this machine',
    kind: 'this machine',
    memoryBandwidth: readGigabytesPerSecond * 1e9,
    ...(readRates && { readRates }),
    ...(stepCost && { stepCost }),
    memoryBytes: memoryBytes ?? null,
    compute: { fp32: gflops * 1e9 },
    devices: 1,
    interconnect: null,
    watts: null,
    efficiency: { ...assumedEfficiency, compute: 1, memory: 1, capacity: 1 },
    source:
      'measured on this machine: a matrix product in fp32, reading matrices of 1 to 64 MiB, and steps of models ' +
      'that compute next to nothing'
  }
}

/**
 * Bytes per second at which a device reads bytes that come round again after so many others were read (the reuse
 * distance of Mattson et al. 1970): a cache that holds as many gives them. Between two measured sizes the logarithm of
 * the rate is interpolated over that of the size.
 */
export function readRateAt({ memoryBandwidth, readRates = [] }: Device, bytes: number): number {
  const above = readRates.findIndex((each) => each.bytes >= bytes)
  if (above === -1) return memoryBandwidth
  const [low, high] = [readRates[above - 1] ?? readRates[above], readRates[above]]
  if (!low || !high) return memoryBandwidth
  const [lowRate, highRate] = [1e9 * low.gigabytesPerSecond, 1e9 * high.gigabytesPerSecond]
  if (low === high) return highRate
  const part = Math.log(bytes / low.bytes) / Math.log(high.bytes / low.bytes)
  return lowRate * (highRate / lowRate) ** part
}

/**
 * Dense FLOP/s of one device at a precision. A device without it computes in the next wider one, as weights in few bits
 * are widened before the product. Throws a `RangeError` when it has no wider one either.
 */
export function computeAt({ name, compute }: Pick<Device, 'name' | 'compute'>, precision: Precision): number {
  const wider = precisions.slice(0, precisions.indexOf(precision) + 1).toReversed()
  for (const each of wider) {
    const flops = compute[each]
    if (flops !== undefined) return flops
  }
  throw new RangeError(`${name}: no FLOP/s are known at ${precision} or a wider precision`)
}
