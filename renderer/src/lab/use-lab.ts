/** Hooks of the Lab: its trainings, and what is chosen of them. */
import { useMemo } from 'react'
import { useApp, useAppState } from '../state/app'
import type { LabChoices } from './choices'
import { withLocks } from './lock'
import { runNames } from './names'
import { type LabTraining, trainingsOf } from './trainings'

/** The trainings of the Lab, the chosen ones first. */
export function useLabTrainings(): readonly LabTraining[] {
  const chosen = useAppState(({ choices }) => choices.lab.runs)
  const records = useAppState(({ runs }) => runs)
  const trainings = useAppState((state) => state.trainings)
  const asked = useAppState((state) => state.shownTraining)
  const names = useMemo(() => runNames(chosen), [chosen])
  return useMemo(
    () => trainingsOf(chosen, names, records, trainings, asked),
    [chosen, names, records, trainings, asked]
  )
}

/** True where the same runs are chosen, whatever has come of them. */
export function isSameChosen(before: readonly LabTraining[], after: readonly LabTraining[]): boolean {
  return (
    before.length === after.length &&
    before.every((one, i) => one.chosen === after[i]?.chosen && one.name === after[i]?.name)
  )
}

/** True where pictures of these trainings are the same: the record of one under way changes with every step. */
export function isSameAll(before: readonly LabTraining[], after: readonly LabTraining[]): boolean {
  return isSameChosen(before, after) && before.every(({ shown }, i) => shown === after[i]?.shown)
}

/** Changes what is chosen in the Lab; where the runs change, those that are locked follow. */
export function useChooseLab(): (change: (before: LabChoices) => Partial<LabChoices>) => void {
  const { store, choose } = useApp()
  return (change) => {
    const { choices, trainings } = store.getState()
    const changes = change(choices.lab)
    const runs = changes.runs && { runs: withLocks(changes.runs, Object.values(trainings)) }
    choose({ lab: { ...choices.lab, ...changes, ...runs } })
  }
}

/** The place of the run whose fields are shown. */
export function useEdited(): number {
  return useAppState(({ choices }) => Math.min(choices.lab.edited, choices.lab.runs.length - 1))
}
