import { formatCount } from '../charts/format'
import { Segments } from '../ui/Segments'
import { trainingCharacters, trainingCheckpoints, trainingLimits } from './choices'
import { NumberRow, Numbers, type PartProps, Row, Typed } from './fields'
import { chosenLearningRate } from './plan'
import { charactersPerStep } from './problems'
import styles from './TrainingForm.module.css'

/** Length and learning rate of the edited run. */
export function RecipeFields({ run, change }: PartProps) {
  const perStep = charactersPerStep(run)
  const [least, most] = trainingLimits.characters
  return (
    <>
      <h3 className={styles.part}>Training</h3>
      <Numbers
        label="Training characters"
        value={run.characters}
        options={trainingCharacters}
        write={formatCount}
        onChange={(characters) => change({ characters })}
      />
      <Typed
        run={run}
        field="characters"
        label="Steps"
        value={Math.floor(run.characters / perStep)}
        limits={[Math.ceil(least / perStep), Math.floor(most / perStep)]}
        onChange={(steps) => change({ characters: steps * perStep })}
      />
      <Typed run={run} field="batch" label="Batch" onChange={(batch) => change({ batch })} />
      <Typed run={run} field="context" label="Context" onChange={(context) => change({ context })} />
      <Rate
        label="Learning rate"
        value={chosenLearningRate(run)}
        least={1e-6}
        onChange={(learningRate) => change({ learningRate })}
      />
      <Typed run={run} field="warmupSteps" label="Warm-up, steps" onChange={(warmupSteps) => change({ warmupSteps })} />
      {run.warmupSteps >= run.characters / perStep && (
        <p className={styles.note}>The training ends before its learning rate has come to the peak.</p>
      )}
      <Row label="Decay">
        <Segments
          label="Learning rate after the warm-up"
          value={run.schedule}
          options={[
            { value: 'cosine', label: 'cosine' },
            { value: 'linear', label: 'linear' },
            { value: 'constant', label: 'constant' }
          ]}
          onChange={(schedule) => change({ schedule })}
        />
      </Row>
      {run.schedule !== 'constant' && (
        <Rate
          label="Final rate, of the peak"
          value={run.finalRate}
          least={0}
          onChange={(finalRate) => change({ finalRate })}
        />
      )}
      {run.kind === 'moe' && (
        <Numbers
          label="Checkpoints"
          value={run.checkpoints}
          options={trainingCheckpoints}
          write={(checkpoints) => (checkpoints === 0 ? 'none' : String(checkpoints))}
          onChange={(checkpoints) => change({ checkpoints })}
        />
      )}
      <Typed run={run} field="seed" label="Seed" onChange={(seed) => change({ seed })} />
    </>
  )
}

interface RateProps {
  readonly label: string
  readonly value: number
  readonly least: number
  readonly onChange: (value: number) => void
}

function Rate({ label, value, least, onChange }: RateProps) {
  return <NumberRow label={label} value={value} min={least} max={1} fraction onChange={onChange} />
}
