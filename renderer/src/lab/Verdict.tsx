import { useEffect, useMemo } from 'react'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Choice } from '../ui/Choice'
import { CommandButton } from '../ui/CommandButton'
import { type Experiment, experiments } from './experiments'
import { showKept } from './kept-training'
import styles from './LabView.module.css'
import { withLocks } from './lock'
import { verdictOf } from './seed-verdict'
import { endedBySeed, recordsOfSeeds, thoroughSeeds } from './seeds'
import type { LabTraining } from './trainings'
import { useChooseLab } from './use-lab'

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
        if (found) chooseLab(() => ({ runs: [...found.runs], edited: 0, zoom: null }))
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
  const app = useApp()
  const records = useAppState(({ runs }) => runs)
  const shown = useAppState((state) => state.trainings)
  const runs = useMemo(() => trainings.flatMap(({ chosen }) => chosen ?? []), [trainings])
  const seeds = useMemo(() => recordsOfSeeds(records, runs), [records, runs])
  useEffect(() => {
    for (const record of seeds) if (!shown[record.id]) attempt(app, () => showKept(app, record))
  }, [app, seeds, shown])
  const ended = useMemo(() => endedBySeed({ runs: records, trainings: shown }, runs), [records, shown, runs])
  const [first, ...more] = ended
  if (!first) {
    return (
      <p className={styles.verdict}>
        Varied: {experiment.varied}. Look for: {experiment.lookFor}.
      </p>
    )
  }
  const { holds, sentence, shows } = verdictOf(experiment.check, [first, ...more])
  return (
    <>
      <p className={styles.verdict} data-testid="verdict">
        <b>{answerOf(holds)}</b> {sentence} {shows}
      </p>
      {ended.length < thoroughSeeds && (
        <CommandButton id="train-seeds">Repeat with {thoroughSeeds} seeds</CommandButton>
      )}
    </>
  )
}

function answerOf(holds: boolean | undefined): string {
  if (holds === undefined) return 'It cannot be judged.'
  return holds ? 'It came out as claimed.' : 'It did not come out as claimed.'
}
