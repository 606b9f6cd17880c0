/** Fits that take a second, away from the page's thread. */
import { type FittedLaw, fitLaw, type TrainedPoint } from '@core/scaling/fit-law'

/** The calls of the worker that fits laws. */
export interface ScalingApi {
  /** As `fitLaw`. */
  fitLaw(points: readonly TrainedPoint[], floor: number | undefined): Promise<FittedLaw>
}

export const scalingApi: ScalingApi = {
  fitLaw: async (points, floor) => fitLaw(points, floor)
}
