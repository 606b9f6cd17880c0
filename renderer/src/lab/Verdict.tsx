import { countParameters } from '@core/arch/count/count'
import { Choice } from '../ui/Choice'
import { type EndedRun, type Experiment, experiments } from './experiments'
import styles from './LabView.module.css'
import { largestLoad } from './load-figures'
import { withLocks } from './lock'
import { chosenArchitecture } from './plan'
import { type LabTraining, useChooseLab } from './use-lab'

const own = 'own'

/** The experiment that is chosen; undefined for runs of one's own. */
export function experimentOf(trainings: readonly LabTraining[]): Experiment | undefined {
  const chosen = JSON.stringify(trainings.flatMap((each) => each.chosen ?? []).map(sorted))
  return experiments.find(({ runs }) => JSON.stringify(withLocks(runs, []).map(sorted)) === chosen)
}

const sorted = (run: object) => Object.entries(run).sort(([a], [b]) => (a < b ? -1 : 1))

/** The experiments to choose from. */
export function ExperimentChoice({ experiment }: { experiment: Experiment | undefined }) {
  const chooseLab = useChooseLab()
  return (
    <Choice
      label="Experiment"
      value={experiment?.id ?? own}
      options={[
        ...experiments.map(({ id, title, varied }) => ({ value: id, label: title, hint: varied })),
        ...(experiment ? [] : [{ value: own, label: 'An experiment of my own' }])
      ]}
      onChange={(id) => {
        const found = experiments.find((each) => each.id === id)
        if (found) chooseLab(() => ({ runs: [...found.runs], edited: 0 }))
      }}
    />
  )
}

interface VerdictProps {
  readonly experiment: Experiment
  readonly trainings: readonly LabTraining[]
}

/** The effect to look for, and at the end of all runs the outcome, also when it is not the one claimed. */
export function Verdict({ experiment, trainings }: VerdictProps) {
  const ended = trainings.filter(({ chosen }) => chosen !== undefined).map(endedRun)
  const all = ended.flatMap((run) => run ?? [])
  if (all.length < ended.length) {
    return (
      <p className={styles.verdict}>
        Varied: {experiment.varied}. Look for: {experiment.lookFor}.
      </p>
    )
  }
  const { holds, sentence } = experiment.check(all)
  return (
    <p className={styles.verdict} data-testid="verdict">
      <b>{answerOf(holds)}</b> {sentence} One seed, measured here.
    </p>
  )
}

function answerOf(holds: boolean | undefined): string {
  if (holds === undefined) return 'It cannot be judged.'
  return holds ? 'It came out as claimed.' : 'It did not come out as claimed.'
}

/** Undefined while it has not come to its end. */
function endedRun({ name, chosen, record, shown }: LabTraining): EndedRun | undefined {
  const last = shown?.points.at(-1)
  if (!chosen || record?.status !== 'finished' || !shown || last?.step !== shown.steps) return undefined
  const { total, active } = countParameters(chosenArchitecture(chosen))
  return { name, loss: last.loss, largestLoad: largestLoad(shown.loads), total, active: active.all }
}
