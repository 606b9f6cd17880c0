/** The trainings of the Lab as they are shown: those that are chosen, and others that are under way. */
import { trainForm } from '@core/lab/kinds/train'
import { isUnderWay, type RunRecord } from '@core/lab/run'
import type { LabRun } from './choices'
import { type TrainingProblem, trainingProblems } from './problems'
import { recordOf } from './specs'
import type { LabState, ShownTraining } from './state'

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

/**
 * The trainings of the Lab, the chosen ones first.
 * @param names of the chosen runs
 * @param asked id of the training that began or was asked for last
 */
export function trainingsOf(
  chosen: readonly LabRun[],
  names: readonly string[],
  records: readonly RunRecord[],
  trainings: LabState['trainings'],
  asked: string | undefined
): LabTraining[] {
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
}

/** Dense models are blue and MoE models orange; each further one of a kind is nearer to the ink. */
function colourOf(kind: 'dense' | 'moe', before: number): string {
  return before === 0 ? `var(--${kind})` : `color-mix(in oklab, var(--${kind}) ${100 - 30 * before}%, var(--ink))`
}
