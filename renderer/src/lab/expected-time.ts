/** Time that a training will take, by the speed of those that were seen. */
import { trainFlopsPerToken } from '@core/arch/count/count'
import type { TrainingChoices } from './choices'
import { chosenArchitecture } from './plan'
import type { ShownTraining } from './state'

/**
 * Seconds in steps: the training's arithmetic at the FLOP/s of the training of the same kind whose arithmetic per token
 * is nearest, by ratio; undefined while none of its kind was seen. Small models reach fewer FLOP/s than large ones, so
 * that it is an estimate.
 */
export function expectedSeconds(chosen: TrainingChoices, seen: readonly ShownTraining[]): number | undefined {
  const flops = trainFlopsPerToken(chosenArchitecture(chosen))
  const speeds = seen.flatMap(({ kind, clock, flopsPerToken }) => {
    const [characters, seconds] = clock.at(-1) ?? [0, 0]
    return kind === chosen.kind && seconds > 0 ? [{ flopsPerToken, perToken: seconds / characters }] : []
  })
  const distance = (other: number) => Math.abs(Math.log(other / flops))
  const [nearest] = speeds.sort((a, b) => distance(a.flopsPerToken) - distance(b.flopsPerToken))
  return nearest && (nearest.perToken * flops * chosen.characters) / nearest.flopsPerToken
}
