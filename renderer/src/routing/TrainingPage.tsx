import { formatExact, formatPercent } from '../charts/format'
import { recordedCharacters } from '../lab/record'
import { useApp } from '../state/app'
import { Button } from '../ui/Button'
import { NumberInput } from '../ui/NumberInput'
import { CheckpointRuns } from './CheckpointRuns'
import { LoadOfTrace } from './LoadMap'
import styles from './pages.module.css'
import { TrainingDomains } from './TrainingDomains'
import { BalanceOverTraining, ConfidenceOverTraining, Saturation } from './TrainingLines'
import { TrainingLoad } from './TrainingLoad'
import { useInspected } from './use-inspected'
import { type Followed, type OpenTraining, useFollowed, useOpenTraining } from './use-training'

/** Routing over training: load, balance, confidence, saturation and specialisation. */
export function TrainingPage() {
  const training = useOpenTraining()
  const fitting = training.checkpoints.length + training.unplaced.length
  return (
    <>
      {training.checkpoints.length > 1 ? <OverTraining training={training} /> : <NoTraining />}
      {training.unplaced.length > 0 && fitting > 1 && <Unplaced training={training} />}
    </>
  )
}

function NoTraining() {
  return (
    <>
      <div className={styles.ways}>
        <p>
          How a router comes to its choices shows on the models that a training keeps on its way. Each of them reads the
          same {formatExact(recordedCharacters)} characters of text that the training does not see, and what the routers
          decide is compared step by step.
        </p>
        <CheckpointRuns />
        <p>
          Traces that were recorded elsewhere come here, too: open one for each checkpoint, all of the same text. Their
          steps are read from names such as <code>step-500</code>; several files can be dropped on the window at once.
          In a terminal:
        </p>
        <pre>
          {
            'node out/cli/moescope.js train SPEC.json --out DIR --checkpoints 100\nnode out/cli/moescope.js trace record DIR/checkpoints/step-100 \\\n  --text FILE --out step-100.safetensors'
          }
        </pre>
      </div>
      <LoadOfTrace />
    </>
  )
}

function OverTraining({ training: { checkpoints } }: { training: OpenTraining }) {
  const { inspector } = useApp()
  const followed = useFollowed(checkpoints)
  if (followed.status === 'failed') return <p className={styles.note}>{followed.reason}</p>
  if (followed.status === 'measuring') {
    return (
      <output className={styles.measuring}>
        <progress value={followed.progress} max={1} aria-label="Measuring the checkpoints" />
        <span>
          {formatPercent(followed.progress)} of {checkpoints.length} checkpoints
        </span>
        <Button onClick={() => void inspector.stop()}>Cancel</Button>
      </output>
    )
  }
  const { points } = followed
  return (
    <>
      <SaturationAnswer points={points} />
      <TrainingLoad points={points} />
      <div className={styles.pair}>
        <Saturation points={points} />
        <BalanceOverTraining points={points} />
        <ConfidenceOverTraining points={points} />
        <TrainingDomains points={points} />
      </div>
    </>
  )
}

/** Saturation at a quarter of the training, and the basis of the measurement. */
function SaturationAnswer({ points }: { points: readonly Followed[] }) {
  const { trace, facts } = useInspected()
  const end = points.at(-1)?.step ?? 0
  const compared = points.flatMap(({ step, agreement }) => (typeof agreement === 'object' ? [{ step, agreement }] : []))
  const failures = new Set(points.flatMap(({ agreement }) => (typeof agreement === 'string' ? [agreement] : [])))
  const notes = new Set(compared.flatMap(({ agreement }) => agreement.notes))
  const early = compared
    .slice(0, -1)
    .reduce<(typeof compared)[number] | undefined>(
      (best, each) => (best && Math.abs(best.step - end / 4) <= Math.abs(each.step - end / 4) ? best : each),
      undefined
    )
  const overlap = early && early.agreement.overlap.reduce((sum, each) => sum + each, 0) / early.agreement.overlap.length
  return (
    <>
      {early && overlap !== undefined && (
        <p className={styles.answer}>
          At step {formatExact(early.step)} of {formatExact(end)} the router makes{' '}
          <strong>{formatPercent(overlap)}</strong> of its final choices; at random{' '}
          {formatPercent(early.agreement.baselines.overlap)}.
        </p>
      )}
      <p className={styles.note}>
        Measured here on {points.length} checkpoints, each on the same {formatExact(facts.tokenCount)} tokens
        {trace.run !== undefined ? ` (${facts.source}, of the validation split, which trainings do not see)` : ''}.{' '}
        {[...notes, ...failures].join(' ')}
      </p>
    </>
  )
}

/** Traces that could be of the training, if it were known from which step. */
function Unplaced({ training: { unplaced, series } }: { training: OpenTraining }) {
  const { inspector } = useApp()
  return (
    <div className={styles.ways}>
      <p>
        Of the same shape and length, but no name tells the step of the training: type it to have{' '}
        {unplaced.length > 1 ? 'them' : 'it'} among the checkpoints.
      </p>
      {unplaced.map(({ id, name }) => (
        <NumberInput
          key={id}
          label={`${name} is of step`}
          value={0}
          min={1}
          max={99_999_999}
          onChange={(step) => inspector.place(id, { step, series })}
        />
      ))}
    </div>
  )
}
