import { countParameters, trainFlopsPerToken } from '@core/arch/count/count'
import { corpusFloor, createWorld } from '@core/corpus'
import type { RunRecord } from '@core/lab/run'
import { formatCount, formatLoss } from '../charts/format'
import { formatBytes } from '../charts/format-large'
import { TrainingCurve } from '../charts/TrainingCurve'
import { useAppState } from '../state/app'
import { ChartPanel } from '../ui/ChartPanel'
import { CommandButton } from '../ui/CommandButton'
import { Panel } from '../ui/Panel'
import { chosenArchitecture, trainingProblem } from './choices'
import { OwnModels } from './OwnModels'
import { CancelRun } from './RunProgress'
import { statusText } from './run-words'
import type { Pace } from './state'
import { TrainingForm } from './TrainingForm'
import styles from './TrainView.module.css'
import { runUnderWay } from './under-way'

const floor = corpusFloor(createWorld()).total
/** The shipped models that every training is drawn beside. */
const referenceIds = ['dense-64', 'moe-64']

/** A training of one's own: architecture, size, training FLOPs, and the loss as it falls. */
export function TrainView() {
  return (
    <main className={styles.view}>
      <h1 className={styles.title}>What does a model of your own learn?</h1>
      <div className={styles.columns}>
        <div className={styles.side}>
          <Panel title="Architecture and length">
            <TrainingForm />
            <Cost />
            <Begin />
          </Panel>
          <OwnModels />
        </div>
        <Progress />
      </div>
    </main>
  )
}

/** Total and active parameters of the chosen architecture, and the training's arithmetic. */
function Cost() {
  const training = useAppState(({ choices }) => choices.training)
  const problem = trainingProblem(training)
  if (problem !== undefined) {
    return (
      <p className={styles.cost} role="alert">
        {problem}
      </p>
    )
  }
  const architecture = chosenArchitecture(training)
  const { total, active } = countParameters(architecture)
  const teraflops = (trainFlopsPerToken(architecture) * training.characters) / 1e12
  return (
    <p className={styles.cost}>
      <b>{formatCount(total)}</b> total parameters, <b>{formatCount(active.all)}</b> active; training takes{' '}
      <b>{teraflops.toPrecision(2)} TFLOP</b>.
      {training.kind === 'moe' && training.checkpoints > 0 && (
        <>
          {' '}
          Checkpoints take up to <b>{formatBytes(4 * total * training.checkpoints)}</b> and show how the routing
          develops.
        </>
      )}
    </p>
  )
}

function Begin() {
  const run = useAppState(({ runs }) => runUnderWay(runs, 'train'))
  const refusal = useAppState((state) => state.refusal)
  const training = useAppState(({ choices }) => choices.training)
  if (!run) {
    return (
      <>
        <CommandButton id="begin-training" look="primary" />
        {refusal?.training === training && (
          <p className={styles.refusal} role="alert">
            {refusal.reason}
          </p>
        )}
      </>
    )
  }
  return <CancelRun id={run.id}>Stop and keep the model</CancelRun>
}

function Progress() {
  const id = useAppState((state) => state.shownTraining)
  const training = useAppState(({ trainings }) => (id === undefined ? undefined : trainings[id]))
  const chosen = useAppState(({ choices }) => choices.training)
  const run = useAppState(({ runs }) => runs.find((each) => each.id === id))
  const pace = useAppState(({ paces }) => (id === undefined ? undefined : paces[id]))
  const library = useAppState((state) => state.library)
  const references = (library?.models ?? [])
    .filter(({ id }) => referenceIds.includes(id))
    .map(({ id, role, curve }) => ({ id, kind: role, points: curve }))
  const last = training?.points.at(-1)
  const recent = training?.losses.slice(-20) ?? []
  const batchLoss = recent.reduce((sum, [, loss]) => sum + loss, 0) / recent.length
  return (
    <ChartPanel
      fileName={id === undefined ? 'training-curves' : `${id}-training-curve`}
      legend="solid: measured here; thin: training loss of each batch; dots: validation loss; dashed: shipped models"
      table={() => ({
        columns: ['model', 'loss', 'characters', 'nats_per_character'],
        rows: [
          ...(training?.points ?? []).map(({ characters, loss }) => [id ?? '', 'validation', characters, loss]),
          ...(training?.losses ?? []).map(([characters, loss]) => [id ?? '', 'training', characters, loss]),
          ...references.flatMap(({ id: model, points }) =>
            points.map(([characters, loss]) => [model, 'validation', characters, loss])
          )
        ]
      })}
      title={id === undefined ? 'Training curves of the shipped models' : `Training curve of ${id}`}
      className={styles.progress ?? ''}
      note="Shipped models are shown on the way through 8 million characters, whose learning rate was still high in the middle."
      answer={
        <>
          <span className={styles.answer}>
            {last ? (
              <>
                <strong data-kind={training?.kind}>{formatLoss(last.loss)}</strong> nats per character validation loss,{' '}
                {formatLoss(last.loss - floor)} above the floor
              </>
            ) : recent.length > 0 ? (
              <>
                <strong data-kind={training?.kind}>{formatLoss(batchLoss)}</strong> nats per character training loss
              </>
            ) : (
              <span>{run?.status === 'running' ? 'Generating the training text …' : 'Nothing is trained yet.'}</span>
            )}
          </span>
          <span className={styles.status}>{run ? trainingText(run, pace) : ' '}</span>
        </>
      }
    >
      {(frame) => (
        <TrainingCurve
          {...frame}
          kind={training?.kind ?? chosen.kind}
          losses={training?.losses ?? []}
          points={(training?.points ?? []).map(({ characters, loss }) => [characters, loss])}
          references={references}
          floor={floor}
          end={training ? training.steps * training.charactersPerStep : chosen.characters}
          height={420}
        />
      )}
    </ChartPanel>
  )
}

function trainingText(run: RunRecord, pace: Pace | undefined): string {
  switch (run.status) {
    case 'running':
      return run.detail
    case 'cancelled':
      return 'Stopped. The model is kept, and the training can be resumed.'
    case 'finished':
      return 'Finished. The model can be compared like any other.'
    case 'failed':
      return `Failed: ${run.failure ?? 'no reason was reported'}.`
    default:
      return sentence(statusText(run, pace))
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
