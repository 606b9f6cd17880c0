export {
  computingPrecision,
  describeWorkload,
  type WorkloadOptions,
  writesTokens
} from './describe-workload'
export {
  assumedEfficiency,
  computeAt,
  type Device,
  type DeviceProbe,
  type Efficiency,
  type FixedCost,
  type Interconnect,
  type Precision,
  precisions,
  probedDevice
} from './device'
export { devices, findDevice } from './devices'
export { expectedDistinctExperts } from './distinct-experts'
export {
  type Limit,
  limits,
  type MemoryNeed,
  memoryNeed,
  type Phase,
  type PredictionError,
  predictionError,
  predictSpeed,
  type SpeedPrediction
} from './predict'
export type { MoeLayerWork, Workload } from './workload'
