import { useEffect } from 'react'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { CommandButton } from '../ui/CommandButton'
import { Panel } from '../ui/Panel'
import { CurvesPanel } from './CurvesPanel'
import { showKept } from './kept-training'
import styles from './LabView.module.css'
import { LoadPanel } from './LoadPanel'
import { OwnModels } from './OwnModels'
import { RunCard } from './RunCard'
import { TrainingForm } from './TrainingForm'
import type { LabTraining } from './trainings'
import { useEdited, useLabTrainings } from './use-lab'
import { ExperimentChoice, experimentOf, Verdict } from './Verdict'

/** One to four models learn side by side: their shapes, their losses as they fall, and what has become of them. */
export function LabView() {
  const trainings = useLabTrainings()
  useKept(trainings)
  const several = trainings.length > 1
  const hasProblem = trainings.some(({ problems }) => problems.length > 0)
  const experiment = experimentOf(trainings)
  const edited = trainings[useEdited()]
  return (
    <main className={styles.view}>
      <div className={styles.head}>
        <h1 className={styles.title}>
          {several ? 'Which of these models learns most?' : 'What does a model of your own learn?'}
        </h1>
        <div className={styles.actions}>
          <CommandButton id="begin-training" look="primary" disabled={hasProblem} />
          <CommandButton id="pause-training">Pause</CommandButton>
          <CommandButton id="step-training" disabled={hasProblem}>
            One step
          </CommandButton>
          <CommandButton id="reset-training">Reset</CommandButton>
          <CommandButton id="add-run">Add a model</CommandButton>
          <CommandButton id="sweep">Sweeps</CommandButton>
        </div>
      </div>
      <div className={styles.experiment}>
        <ExperimentChoice experiment={experiment} />
        {experiment && <Verdict experiment={experiment} trainings={trainings} />}
      </div>
      <div className={styles.cards}>
        {trainings.map((training) => (
          <RunCard key={training.place ?? training.name} training={training} trainings={trainings} />
        ))}
      </div>
      <div className={styles.columns}>
        <div className={styles.side}>
          <CurvesPanel trainings={trainings} />
          {edited && <LoadPanel training={edited} />}
        </div>
        <div className={styles.side}>
          <Panel title="Architecture and length">
            <TrainingForm trainings={trainings} />
          </Panel>
          <Own />
        </div>
      </div>
    </main>
  )
}

/** Has what earlier sessions have trained be seen again. */
function useKept(trainings: readonly LabTraining[]): void {
  const app = useApp()
  useEffect(() => {
    for (const { record, shown } of trainings) {
      if (record && !shown) attempt(app, () => showKept(app, record))
    }
  }, [app, trainings])
}

function Own() {
  const library = useAppState((state) => state.library)
  return library && <OwnModels />
}
