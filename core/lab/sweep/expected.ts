/** The time that a training will take, by those whose time is known. */

/** The speed of a training, measured or timed. */
export interface TrainingSpeed {
  /** Floating-point operations of the training. */
  readonly flops: number
  readonly seconds: number
}

/** By the FLOP/s of the known training that is nearest by its FLOPs; null where none is known. */
export function expectedSeconds(flops: number, known: readonly TrainingSpeed[]): number | null {
  const distance = (other: TrainingSpeed) => Math.abs(Math.log(other.flops / flops))
  const nearest = known.reduce<TrainingSpeed | undefined>(
    (best, each) => (best && distance(best) <= distance(each) ? best : each),
    undefined
  )
  return nearest ? (flops * nearest.seconds) / nearest.flops : null
}
