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
    stepCost: {
      step: stepCost.stepMs / 1000,
      denseLayer: stepCost.denseLayerMs / 1000,
      moeLayer: moeLayerMs / 1000
    },
    ...(memoryBytes !== undefined && { memoryBytes })
  })
}
