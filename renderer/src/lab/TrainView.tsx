import { countParameters, trainFlopsPerToken } from '@core/arch/count/count'
import { corpusFloor, createWorld } from '@core/corpus'
import type { RunRecord } from '@core/lab/run'
import { formatCount, formatLoss } from '../charts/format'
import { formatBytes } from '../charts/format-large'
import { TrainingCurve } from '../charts/TrainingCurve'
import { useWidth } from '../charts/use-size'
import { useAppState } from '../state/app'
import { CommandButton } from '../ui/CommandButton'
import { Panel } from '../ui/Panel'
import { useTextScale } from '../ui/use-appearance'
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

/** A model of one's own: what it is, what it costs to train, and what it learns. */
export function TrainView() {
  return (
    <main className={styles.view}>
      <h1 className={styles.title}>What does a model of your own learn?</h1>
      <div className={styles.columns}>
        <div className={styles.side}>
          <Panel title="What is trained">
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

/** What is chosen weighs and costs. */
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
      It weighs <b>{formatCount(total)}</b>, costs <b>{formatCount(active.all)}</b> a token, and its training{' '}
      <b>{teraflops.toPrecision(2)} TFLOP</b>.
      {training.kind === 'moe' && training.checkpoints > 0 && (
        <>
          {' '}
          Its checkpoints take up to <b>{formatBytes(4 * total * training.checkpoints)}</b> and show how its routing
          comes about.
        </>
      )}
    </p>
  )
}

function Begin() {
  const run = useAppState(({ runs }) => runUnderWay(runs, 'train'))
  if (!run) return <CommandButton id="begin-training" look="primary" />
  return <CancelRun id={run.id}>Stop, and keep what it learnt</CancelRun>
}

function Progress() {
  const [ref, width] = useWidth()
  const textScale = useTextScale()
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
    <Panel
      title={id === undefined ? 'How the shipped models learnt' : `How ${id} learns`}
      className={styles.progress ?? ''}
    >
      <p className={styles.answer}>
        {last ? (
          <>
            <strong data-kind={training?.kind}>{formatLoss(last.loss)}</strong> nats per character on unseen text,{' '}
            {formatLoss(last.loss - floor)} above the floor
          </>
        ) : recent.length > 0 ? (
          <>
            <strong data-kind={training?.kind}>{formatLoss(batchLoss)}</strong> nats per character on the text it learns
            from
          </>
        ) : (
          <span>
            {run?.status === 'running' ? 'Writing the text that it learns from …' : 'Nothing is trained yet.'}
          </span>
        )}
      </p>
      <p className={styles.status}>{run ? trainingText(run, pace) : ' '}</p>
      <div ref={ref}>
        <TrainingCurve
          textScale={textScale}
          kind={training?.kind ?? chosen.kind}
          losses={training?.losses ?? []}
          points={(training?.points ?? []).map(({ characters, loss }) => [characters, loss])}
          references={references}
          floor={floor}
          end={training ? training.steps * training.charactersPerStep : chosen.characters}
          width={width}
          height={420}
        />
      </div>
      <p className={styles.status}>
        Solid: this training, measured here; thin: the batches it learns from, dots: unseen text. Dashed: shipped models
        on the way through 8 million characters, whose learning rate was still high in the middle.
      </p>
    </Panel>
  )
}

function trainingText(run: RunRecord, pace: Pace | undefined): string {
  switch (run.status) {
    case 'running':
      return run.detail
    case 'cancelled':
      return 'Stopped. What it learnt is kept, and it can go on.'
    case 'finished':
      return 'Trained. It can be compared like any other model.'
    case 'failed':
      return `It failed: ${run.failure ?? 'nobody knows why'}.`
    default:
      return sentence(statusText(run, pace))
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
