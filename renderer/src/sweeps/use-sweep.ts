/** The sweep that is open, as it is looked at. */
import type { SweepRun } from '@core/lab/sweep/read-run'
import { overSeeds, type SeedGroup, variedPaths } from '@core/lab/sweep/summary'
import { useMemo } from 'react'
import { useApp, useAppState } from '../state/app'
import type { SweepChoices } from './choices'
import type { OpenedSweep } from './state'
import { columnsOf, filtered, type SweepColumn, sorted } from './table'

/** The runs and groups that the pictures of a sweep are drawn from. */
export interface SweepInSight {
  readonly sweep: OpenedSweep
  readonly columns: readonly SweepColumn[]
  /** Runs that meet the filter, sorted. */
  readonly rows: readonly SweepRun[]
  /** Those of them that are whole. */
  readonly whole: readonly SweepRun[]
  /** The paths that vary in the sweep, seeds apart. */
  readonly paths: readonly string[]
  /** Runs that differ in seeds alone, by the mean of their losses. */
  readonly groups: readonly SeedGroup[]
}

/** The parts of a sweep that its filter leaves, sorted as is chosen. */
export function useInSight(sweep: OpenedSweep): SweepInSight {
  const { filter, sort, down } = useAppState(({ choices }) => choices.sweep)
  const columns = useMemo(() => columnsOf(sweep.runs), [sweep.runs])
  const kept = useMemo(() => filtered(sweep.runs, columns, filter), [sweep.runs, columns, filter])
  const rows = useMemo(() => sorted(kept, columns, sort, down), [kept, columns, sort, down])
  return useMemo(
    () => ({ sweep, columns, rows, paths: variedPaths(sweep.runs), ...groupsOf(kept) }),
    [sweep, columns, rows, kept]
  )
}

/** The runs that are whole, and their losses over seeds: the groups of `moescope sweep report`. */
export function groupsOf(runs: readonly SweepRun[]): Pick<SweepInSight, 'whole' | 'groups'> {
  const whole = runs.filter(({ state }) => state.kind === 'whole')
  return {
    whole,
    groups: overSeeds(whole, 'loss').toSorted((a, b) => a.mean - b.mean)
  }
}

/** Choices of sweeps, and what changes them. */
export function useSweepChoices(): [SweepChoices, (changes: Partial<SweepChoices>) => void] {
  const { choose, store } = useApp()
  const chosen = useAppState(({ choices }) => choices.sweep)
  return [chosen, (changes) => choose({ sweep: { ...store.getState().choices.sweep, ...changes } })]
}
