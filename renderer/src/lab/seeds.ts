/** The thorough form of an experiment: the same runs with several seeds, one group after the other. */
import type { RunRecord } from '@core/lab/run'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import type { LabRun } from './choices'
import { type EndedRun, endedRun } from './ended-run'
import { runNames } from './names'
import { recordOf } from './specs'
import { playRuns } from './train'

/** Seeds of the thorough form, the one that is chosen among them. */
export const thoroughSeeds = 3

/**
 * The runs of each seed: as they are chosen, and with the seeds that follow. The model that a run begins with has another
 * seed, too; all students have the same teacher.
 */
export function runsBySeed(runs: readonly LabRun[]): LabRun[][] {
  return Array.from({ length: thoroughSeeds }, (_, i) => runs.map((run) => withSeed(run, i)))
}

function withSeed(run: LabRun, more: number): LabRun {
  const { seed, from } = run
  if (!from || !('training' in from)) return { ...run, seed: seed + more }
  const training = { ...from.training, seed: from.training.seed + more }
  return { ...run, seed: seed + more, from: { ...from, training } }
}

/**
 * Trains the runs with all seeds, each seed once the runs of the one before are finished; it ends where one of them is
 * stopped or fails. Asked for again, it goes on.
 */
export async function playSeeds(app: App, runs: readonly LabRun[]): Promise<void> {
  const { queue } = app.lab
  const isFinished = (run: LabRun) => recordOf(queue.records, run)?.status === 'finished'
  for (const group of runsBySeed(runs)) {
    if (group.every(isFinished)) continue
    await playRuns(app, group)
    for (const run of group) {
      const record = recordOf(queue.records, run)
      if (record) await queue.ended(record.id)
    }
    if (!group.every(isFinished)) return
  }
}

/** The runs of each seed whose runs have all come to their end, in the order of the seeds. */
export function endedBySeed(
  { runs: records, trainings }: Pick<AppState, 'runs' | 'trainings'>,
  runs: readonly LabRun[]
): (readonly EndedRun[])[] {
  const names = runNames(runs)
  const groups = runsBySeed(runs).map((group) =>
    group.flatMap((run, place) => {
      const record = recordOf(records, run)
      const shown = record?.status === 'finished' ? trainings[record.id] : undefined
      return (shown && endedRun(names[place] ?? '', run, shown)) ?? []
    })
  )
  return groups.filter((group) => group.length === runs.length)
}

/** The runs of all seeds, as far as they are known. */
export function recordsOfSeeds(records: readonly RunRecord[], runs: readonly LabRun[]): RunRecord[] {
  return runsBySeed(runs)
    .flat()
    .flatMap((run) => recordOf(records, run) ?? [])
}
