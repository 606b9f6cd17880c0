/** The time that the runs of a sweep will take here. */
import { secondsByNearest, type TrainingSpeed } from '@core/lab/sweep/expected'
import type { SweepRun } from '@core/lab/sweep/read-run'
import type { LabState } from '../lab/state'

/** The work that is still to be done. */
export interface ExpectedWork {
  readonly runs: number
  readonly flops: number
  /** With as many runs at a time as there are cores; null where no training has shown how fast this machine is. */
  readonly seconds: number | null
}

/** The work that is left: what a run has done counts by its share. */
export function expectedWork(runs: readonly SweepRun[], trainings: LabState['trainings'], cores: number): ExpectedWork {
  const known = [...runs.flatMap(speedOf), ...Object.values(trainings).flatMap(seenSpeed)]
  const left = runs.filter(({ state }) => state.kind !== 'whole')
  const works = left.map(({ size, state }) => (size.flops ?? 0) * (state.kind === 'begun' ? 1 - state.done : 1))
  const secondsOf = secondsByNearest(known)
  const times = works.map((flops) => (flops > 0 ? secondsOf(flops) : 0))
  const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0)
  return {
    runs: left.length,
    flops: sum(works),
    seconds: times.includes(null) ? null : sum(times.map((each) => each ?? 0)) / Math.min(cores, left.length || 1)
  }
}

function speedOf({ figures: { flops, seconds } }: SweepRun): TrainingSpeed[] {
  return typeof flops === 'number' && typeof seconds === 'number' && seconds > 0 ? [{ flops, seconds }] : []
}

function seenSpeed({ clock, flopsPerToken }: LabState['trainings'][string]): TrainingSpeed[] {
  const [characters, seconds] = clock.at(-1) ?? [0, 0]
  return seconds > 0 && characters > 0 ? [{ flops: flopsPerToken * characters, seconds }] : []
}
