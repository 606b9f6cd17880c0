import type { Optimiser } from './optimiser'
import { chain } from './optimiser'
import type { AdamOptions } from './transforms'
import { clipByGlobalNorm, decoupledWeightDecay, scaleByAdam, scaleByLearningRate } from './transforms'

export interface AdamWOptions extends AdamOptions {
  /** Per step and unit of learning rate; on matrices only. */
  readonly weightDecay: number
  /** Largest norm of the whole gradient. */
  readonly clip: number
}

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2) on the clipped gradient.
 * @param decayed the first so many parameters are matrices, to which weight decay applies
 */
export function adamW(options: AdamWOptions, decayed: number): Optimiser {
  return chain(
    clipByGlobalNorm(options.clip),
    scaleByAdam(options),
    decoupledWeightDecay(options.weightDecay, decayed),
    scaleByLearningRate()
  )
}
