import { formatCount, formatDuration, formatPercent } from '../charts/format'
import { isRunning, secondsLeft } from '../lab/jobs'
import { followingTitle, recordTraining, shortTraining, trainAndRecord } from '../lab/record-job'
import { useApp, useAppState } from '../state/app'
import { Button } from '../ui/Button'
import styles from './RecordModels.module.css'

const ownTitle = new RegExp(`^(Training|${followingTitle}) `)

/** The trainings that kept checkpoints, to be recorded; a training that does; or how far that is. */
export function CheckpointRuns() {
  const app = useApp()
  const runs = useAppState((state) => state.checkpointed)
  const ready = useAppState(({ engine, library, jobs }) => engine && library && !jobs.some(isRunning))
  const job = useAppState(({ jobs }) => jobs.find((each) => isRunning(each) && ownTitle.test(each.title)))
  if (job) {
    const left = secondsLeft(job)
    return (
      <output className={styles.recording}>
        <progress value={job.done} max={1} aria-label={job.title} />
        <span>
          {job.title}: {formatPercent(job.done)}
          {left !== undefined && `, about ${formatDuration(left)} left`}
        </span>
        <Button disabled={job.status === 'cancelling'} onClick={() => app.jobs.cancel(job.id)}>
          Cancel
        </Button>
      </output>
    )
  }
  const { experts, topK, layers, checkpoints, characters } = shortTraining
  return (
    <ul className={styles.models}>
      {runs.map((id) => (
        <li key={id}>
          <Button look="primary" disabled={!ready} onClick={() => void recordTraining(app, id)}>
            Show {id} over its training
          </Button>
        </li>
      ))}
      <li>
        <Button
          look={runs.length === 0 ? 'primary' : 'plain'}
          disabled={!ready}
          onClick={() => void trainAndRecord(app)}
        >
          Train a small MoE with checkpoints
        </Button>
        <small>
          {layers} layers, {topK} of {experts} experts, {formatCount(characters)} characters, {checkpoints} checkpoints;
          takes a minute or two
        </small>
      </li>
    </ul>
  )
}
