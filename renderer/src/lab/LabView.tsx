import { useAppState } from '../state/app'
import { CommandButton } from '../ui/CommandButton'
import { Panel } from '../ui/Panel'
import { CurvesPanel } from './CurvesPanel'
import styles from './LabView.module.css'
import { OwnModels } from './OwnModels'
import { RunCard } from './RunCard'
import { TrainingForm } from './TrainingForm'
import { useLabTrainings } from './use-lab'

/** One to four models learn side by side: their shapes, their losses as they fall, and what has become of them. */
export function LabView() {
  const trainings = useLabTrainings()
  const several = trainings.length > 1
  return (
    <main className={styles.view}>
      <div className={styles.head}>
        <h1 className={styles.title}>
          {several ? 'Which of these models learns most?' : 'What does a model of your own learn?'}
        </h1>
        <div className={styles.actions}>
          <CommandButton id="begin-training" look="primary" />
          <CommandButton id="pause-training">Pause</CommandButton>
          <CommandButton id="step-training">One step</CommandButton>
          <CommandButton id="reset-training">Reset</CommandButton>
          <CommandButton id="add-run">Add a model</CommandButton>
        </div>
      </div>
      <div className={styles.cards}>
        {trainings.map((training) => (
          <RunCard key={training.place ?? training.name} training={training} alone={!several} />
        ))}
      </div>
      <div className={styles.columns}>
        <CurvesPanel trainings={trainings} />
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

function Own() {
  const library = useAppState((state) => state.library)
  return library && <OwnModels />
}
