/** The runs of the Lab as they are shown: those that are chosen, and other trainings that are under way. */
import { trainForm } from '@core/lab/kinds/train'
import { isUnderWay, type RunRecord } from '@core/lab/run'
import { useMemo } from 'react'
import { useApp, useAppState } from '../state/app'
import type { LabChoices, LabRun } from './choices'
import { withLocks } from './lock'
import { runNames } from './names'
import { type TrainingProblem, trainingProblems } from './problems'
import { recordOf } from './specs'
import type { ShownTraining } from './state'

/** A training in the Lab. */
export interface LabTraining {
  /** Its place among the chosen runs; undefined for one that is not chosen here. */
  readonly place: number | undefined
  readonly chosen: LabRun | undefined
  readonly problems: readonly TrainingProblem[]
  readonly name: string
  readonly kind: 'dense' | 'moe'
  /** Undefined for one that was never asked for. */
  readonly record: RunRecord | undefined
  /** Its events of this session. */
  readonly shown: ShownTraining | undefined
  readonly colour: string
  readonly look: 'plain' | 'dashed'
}

/** The trainings of the Lab, the chosen ones first. */
export function useLabTrainings(): readonly LabTraining[] {
  const chosen = useAppState(({ choices }) => choices.lab.runs)
  const records = useAppState(({ runs }) => runs)
  const trainings = useAppState((state) => state.trainings)
  const asked = useAppState((state) => state.shownTraining)
  const names = useMemo(() => runNames(chosen), [chosen])
  return useMemo(() => {
    const own = chosen.map((run, place) => {
      const problems = trainingProblems(run)
      const record = problems.length > 0 ? undefined : recordOf(records, run)
      return { place, chosen: run, problems, name: names[place] ?? '', kind: run.kind, record }
    })
    const isOwn = ({ id }: RunRecord) => own.some(({ record }) => record?.id === id)
    const others = records
      .filter((run) => run.kind === trainForm.kind && !isOwn(run) && (isUnderWay(run) || run.id === asked))
      .map((record) => ({
        place: undefined,
        chosen: undefined,
        problems: [],
        name: record.id,
        kind: trainings[record.id]?.kind ?? (record.id.startsWith('my-dense') ? 'dense' : 'moe'),
        record
      }))
    const all = [...own, ...others]
    return all.map((training, i): LabTraining => {
      const before = all.slice(0, i).filter(({ kind }) => kind === training.kind).length
      const shown = training.record && trainings[training.record.id]
      return {
        ...training,
        shown,
        colour: colourOf(training.kind, before),
        look: before % 2 === 0 ? 'plain' : 'dashed'
      }
    })
  }, [chosen, names, records, trainings, asked])
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

/** Dense models are blue and MoE models orange; each further one of a kind is nearer to the ink. */
function colourOf(kind: 'dense' | 'moe', before: number): string {
  return before === 0 ? `var(--${kind})` : `color-mix(in oklab, var(--${kind}) ${100 - 30 * before}%, var(--ink))`
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
