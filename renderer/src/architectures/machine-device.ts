import { type Device, probedDevice } from '@core/bench/predicted'
import type { MeasuredMachine } from '@core/bench/step-cost'

/** This machine as it was measured, with the milliseconds that a layer with experts costs, and its memory if known. */
export function deviceOfMachine(
  { stepCost, ...limits }: MeasuredMachine,
  moeLayerMs: number,
  memoryBytes?: number
): Device {
  return probedDevice({
    ...limits,
    stepCost: { stepMs: stepCost.stepMs, denseLayerMs: stepCost.denseLayerMs, moeLayerMs },
    ...(memoryBytes !== undefined && { memoryBytes })
  })
}
