import { countParameters, trainFlopsPerToken } from '@core/arch/count/count'
import { isUnderWay, type RunRecord } from '@core/lab/run'
import { memo } from 'react'
import { formatCount, formatDuration, formatLoss, formatSpeed } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import type { TrainingChoices } from './choices'
import { type BesideRun, effectiveBeside } from './effective-beside'
import { expectedSeconds } from './expected-time'
import { quantityOf } from './lock'
import { modelName } from './names'
import { chosenArchitecture, chosenCorpus } from './plan'
import styles from './RunCard.module.css'
import { CancelRun } from './RunProgress'
import { statusText } from './run-words'
import type { Pace } from './state'
import { pauseRuns, playRuns, resetRuns, stepRuns } from './train'
import type { LabTraining } from './trainings'
import { useChooseLab, useEdited } from './use-lab'
import { WrittenLines } from './WrittenLines'

interface RunCardProps {
  readonly training: LabTraining
  /** All that are shown, this one among them. */
  readonly trainings: readonly LabTraining[]
}

/** A run of the Lab: what it is, what it costs, how far it is, and what can be done with it. */
export function RunCard({ training, trainings }: RunCardProps) {
  const alone = trainings.length === 1
  const { place, chosen, name, kind, record, shown, problems, colour } = training
  const pace = useAppState(({ paces }) => (record === undefined ? undefined : paces[record.id]))
  const chooseLab = useChooseLab()
  const edited = useEdited() === place
  const last = shown?.points.at(-1)
  const recent = shown?.losses.slice(-20) ?? []
  const batchLoss = recent.reduce((sum, [, loss]) => sum + loss, 0) / recent.length
  const loss = last ? last.loss : recent.length > 0 ? batchLoss : undefined
  return (
    <section className={styles.card} aria-label={name} data-edited={(edited && !alone) || undefined}>
      <h2 style={{ color: colour }}>
        {place === undefined || alone ? (
          name
        ) : (
          <button type="button" aria-pressed={edited} onClick={() => chooseLab(() => ({ edited: place }))}>
            {name}
          </button>
        )}
      </h2>
      {chosen && problems.length === 0 && <Cost chosen={chosen} />}
      {chosen?.from && <Start from={chosen.from} place={place} />}
      {chosen?.teacher && <p className={styles.status}>Taught by {modelName(chosen.teacher.model)}.</p>}
      {problems.length > 0 && <p className={styles.problem}>{problems[0]?.reason}.</p>}
      <p className={styles.loss}>
        {loss === undefined ? (
          <span>{record?.status === 'running' ? 'Generating the training text …' : 'Nothing is trained yet.'}</span>
        ) : (
          <>
            <strong data-kind={kind}>{formatLoss(loss)}</strong> nats per character,{' '}
            {last ? 'validation loss' : 'training loss'}
            <Speed training={training} />
          </>
        )}
      </p>
      <Effective training={training} trainings={trainings} />
      {record && (
        <>
          <progress value={record.done} max={1} aria-label={`Progress of ${name}`} />
          <p className={styles.status}>{trainingText(record, pace)}</p>
        </>
      )}
      {shown?.sample && <WrittenLines sample={shown.sample} />}
      <Actions training={training} alone={alone} />
    </section>
  )
}

/** The model with whose weights a run begins. */
function Start({ from, place }: { from: NonNullable<TrainingChoices['from']>; place: number | undefined }) {
  const chooseLab = useChooseLab()
  const drawWeights = () =>
    chooseLab(({ runs }) => ({
      runs: runs.map((run, i) => {
        const { from: _from, ...rest } = { from: undefined, ...run }
        return i === place ? rest : run
      })
    }))
  return (
    <p className={styles.status}>
      Begins with the weights of {modelName(from)}
      {'training' in from ? ', which is trained first' : '; another mix of domains fine-tunes it'}.{' '}
      <Button look="quiet" onClick={drawWeights}>
        Begin with random weights
      </Button>
    </p>
  )
}

const Cost = memo(CostOf)

function CostOf({ chosen }: { chosen: TrainingChoices }) {
  const architecture = chosenArchitecture(chosen)
  const { total, active } = countParameters(architecture)
  const flops = trainFlopsPerToken(architecture) * chosen.characters
  const trainings = useAppState((state) => state.trainings)
  const seconds = expectedSeconds(chosen, Object.values(trainings))
  return (
    <dl className={styles.figures}>
      <div>
        <dt>total</dt>
        <dd>{formatCount(total)}</dd>
      </div>
      <div>
        <dt>active</dt>
        <dd>{formatCount(active.all)}</dd>
      </div>
      <div>
        <dt>FLOPs</dt>
        <dd>{formatLarge(flops)}</dd>
      </div>
      <div title="By the speed of the trainings of this session whose arithmetic per token is nearest">
        <dt>time</dt>
        <dd>{seconds === undefined ? '–' : `≈ ${formatDuration(seconds)}`}</dd>
      </div>
    </dl>
  )
}

function Speed({ training: { shown } }: { training: LabTraining }) {
  const last = shown?.clock.at(-1)
  if (!last || last[1] <= 0) return null
  return <>, {formatSpeed(last[0] / last[1])} tokens/s</>
}

/** The dense models beside it that a model stands between, after the same tokens of the same text. */
function Effective({ training, trainings }: RunCardProps) {
  const dense = trainings.filter((each) => each !== training && each.kind === 'dense' && isOnSameText(each, training))
  const beside =
    training.kind === 'moe'
      ? effectiveBeside({ points: training.shown?.points ?? [] }, dense.map(besideRun))
      : undefined
  if (!beside) return null
  const { low, high, characters } = beside
  return (
    <p title="Dense models beside it whose validation loss is above and below; one seed of each, nothing interpolated">
      effective parameters{' '}
      <b>
        {low === undefined
          ? `< ${formatCount(high ?? 0)}`
          : high === undefined
            ? `> ${formatCount(low)}`
            : `${formatCount(low)} to ${formatCount(high)}`}
      </b>{' '}
      after {formatCount(characters)} tokens
    </p>
  )
}

function besideRun({ chosen, shown }: LabTraining): BesideRun {
  return { total: chosen ? quantityOf(chosen, 'total') : Number.NaN, points: shown?.points ?? [] }
}

function isOnSameText(a: LabTraining, b: LabTraining): boolean {
  if (!a.chosen || !b.chosen || a.problems.length + b.problems.length > 0) return false
  return JSON.stringify(chosenCorpus(a.chosen)) === JSON.stringify(chosenCorpus(b.chosen))
}

function Actions({ training, alone }: { training: LabTraining; alone: boolean }) {
  const app = useApp()
  const { chosen, record, name, place, problems } = training
  const chooseLab = useChooseLab()
  const library = useAppState((state) => state.library)
  const underWay = record !== undefined && isUnderWay(record)
  const moves = underWay && !record.onHold
  const runs = chosen ? [chosen] : []
  const takeOut = () =>
    chooseLab(({ runs: all, edited }) => ({
      runs: all.filter((_, i) => i !== place).map((run) => withoutPartner(run, place ?? -1)),
      edited: Math.max(0, edited - (place !== undefined && place <= edited ? 1 : 0))
    }))
  return (
    <div className={styles.actions}>
      {chosen && !alone && moves && (
        <Button aria-label={`Pause ${name}`} onClick={() => pauseRuns(app, runs)}>
          Pause
        </Button>
      )}
      {chosen && !alone && !moves && record?.status !== 'finished' && (
        <Button
          aria-label={`Train ${name}`}
          disabled={problems.length > 0 || library === undefined}
          onClick={() => attempt(app, () => playRuns(app, runs))}
        >
          {underWay ? 'Go on' : 'Train'}
        </Button>
      )}
      {chosen && !alone && record?.status !== 'finished' && (
        <Button
          aria-label={`One step of ${name}`}
          disabled={problems.length > 0 || library === undefined}
          onClick={() => attempt(app, () => stepRuns(app, runs))}
        >
          Step
        </Button>
      )}
      {underWay && <CancelRun id={record.id}>{alone ? 'Stop and keep the model' : 'Stop'}</CancelRun>}
      {chosen && !alone && record && (
        <Button aria-label={`Reset ${name}`} look="quiet" onClick={() => attempt(app, () => resetRuns(app, runs))}>
          Reset
        </Button>
      )}
      {chosen && !alone && !underWay && (
        <Button aria-label={`Take out ${name}`} look="quiet" onClick={takeOut}>
          Take out
        </Button>
      )}
    </div>
  )
}

/** A run after another one was taken out: places behind that one move up, and who was equal to it is free. */
function withoutPartner<Run extends NonNullable<LabTraining['chosen']>>(run: Run, place: number): Run {
  if (!run.lock || run.lock.to < place) return run
  const { lock, ...rest } = run
  return lock.to === place ? (rest as Run) : { ...run, lock: { ...lock, to: lock.to - 1 } }
}

function trainingText(run: RunRecord, pace: Pace | undefined): string {
  switch (run.status) {
    case 'running':
      return run.detail === '' ? 'Begins …' : run.detail
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
