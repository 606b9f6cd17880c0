import { useShallow } from 'zustand/react/shallow'
import { formatCount } from '../charts/format'
import { followTraining, shortTraining, trainAndFollow, trainingsWithRouters } from '../lab/follow'
import { RunProgress } from '../lab/RunProgress'
import { runUnderWay } from '../lab/under-way'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import styles from './RecordModels.module.css'

/** Trainings with checkpoints, to be recorded; a short training that keeps some; or the progress of either. */
export function CheckpointRuns() {
  const app = useApp()
  const trainings = useAppState(useShallow(trainingsWithRouters))
  const run = useAppState(({ runs }) => runUnderWay(runs, 'follow', 'train'))
  if (run) return <RunProgress run={run} />
  const { experts, topK, layers, checkpoints, characters } = shortTraining
  return (
    <ul className={styles.models}>
      {trainings.map((id) => (
        <li key={id}>
          <Button look="primary" onClick={() => attempt(app, () => followTraining(app, id))}>
            Show {id} over its training
          </Button>
        </li>
      ))}
      <li>
        <Button
          look={trainings.length === 0 ? 'primary' : 'plain'}
          onClick={() => attempt(app, () => trainAndFollow(app))}
        >
          Train a small MoE with checkpoints
        </Button>
        <small>
          {layers} layers, top-{topK} of {experts} experts, {formatCount(characters)} characters, {checkpoints}{' '}
          checkpoints; takes a minute or two
        </small>
      </li>
    </ul>
  )
}
