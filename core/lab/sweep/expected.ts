/** The time that a training will take, by those whose time is known. */
import { firstAbove } from '../../first-above'

/** The speed of a training, measured or timed. */
export interface TrainingSpeed {
  /** Floating-point operations of the training. */
  readonly flops: number
  readonly seconds: number
}

/**
 * Seconds of a training by its FLOPs: by the FLOP/s of the known training whose FLOPs are nearest by their ratio. It
 * answers null where none is known.
 */
export function secondsByNearest(known: readonly TrainingSpeed[]): (flops: number) => number | null {
  const sorted = known.toSorted((a, b) => a.flops - b.flops)
  const flopsOf = sorted.map((each) => each.flops)
  return (flops) => {
    const above = firstAbove(flopsOf, flops)
    const [smaller, larger] = [sorted[above - 1], sorted[above]]
    // As near by ratio as the geometric mean of the two.
    const nearest = smaller && larger && flops * flops < smaller.flops * larger.flops ? smaller : (larger ?? smaller)
    return nearest ? (flops * nearest.seconds) / nearest.flops : null
  }
}
