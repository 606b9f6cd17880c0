/** Predicted speed of a model in the situation that is chosen. */
import {
  computingPrecision,
  type Device,
  describeWorkload,
  type Limit,
  type Phase,
  predictSpeed,
  type SpeedPrediction
} from '@core/scaling/speed'
import type { ArchitectureChoices } from '../state/architecture-choices'
import type { Subject } from './subjects'

/** What a step's time goes to, in words. */
export const limitWords: Readonly<Record<Limit, string>> = {
  weights: 'reading weights',
  compute: 'arithmetic',
  cache: 'reading caches',
  exchange: 'device exchange'
}

type Situation = Pick<ArchitectureChoices, 'format' | 'context' | 'batch'>

/** Predicted speed of a model on a device. Throws a `RangeError` when the device cannot compute it. */
export function predict(
  phase: Phase,
  { description }: Pick<Subject, 'description'>,
  { format, context, batch }: Situation,
  device: Device
): SpeedPrediction {
  return predictSpeed(
    phase,
    describeWorkload(description, { format, context, batch }),
    device,
    computingPrecision(format)
  )
}
