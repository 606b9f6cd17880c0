import type { Architecture } from '../arch/architecture'
import { branchingPays } from '../model/experts/branching'

/**
 * Milliseconds of a decode step that neither its arithmetic nor its traffic explains: entering the runtime, and starting
 * each of its operators. Measured as the time of models so narrow that they compute next to nothing.
 */
export interface StepCost {
  /** Of a step without layers. */
  readonly stepMs: number
  /** Of each layer: dense, with experts whose weights are gathered, with experts that are branched to. */
  readonly denseLayerMs: number
  readonly gatheredLayerMs: number
  readonly branchedLayerMs: number
}

/** Costs of the experts in a decode step beside their arithmetic and being read once. */
export interface ExpertsCost {
  /** Milliseconds of each layer that has some. */
  readonly layerMs: number
  /** Passes of the weights of a chosen expert through memory. */
  readonly passes: number
}

/**
 * These costs by the way in which one token of such a model is computed on the CPU: branching reads them in place,
 * gathering reads them, writes a copy and reads that.
 */
export function expertsCost(cost: StepCost, architecture: Architecture): ExpertsCost {
  return branchingPays(architecture)
    ? { layerMs: cost.branchedLayerMs, passes: 1 }
    : { layerMs: cost.gatheredLayerMs, passes: 3 }
}
