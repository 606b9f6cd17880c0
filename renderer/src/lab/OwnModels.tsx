import { messageOf } from '@core/reason'
import { formatCount, formatLoss } from '../charts/format'
import { useApp, useAppState } from '../state/app'
import { Button } from '../ui/Button'
import { Panel } from '../ui/Panel'
import { isRunning } from './jobs'
import { recordTraining } from './record-job'
import styles from './TrainView.module.css'
import { continueTraining, refreshOwnModels } from './training-job'

/** What was trained here: it can be compared, continued and removed. */
export function OwnModels() {
  const app = useApp()
  const models = useAppState(({ library }) => library?.models)
  const unfinished = useAppState((state) => state.unfinished)
  const checkpointed = useAppState((state) => state.checkpointed)
  const engine = useAppState((state) => state.engine)
  const busy = useAppState(({ jobs }) => jobs.some((job) => isRunning(job) && job.title.startsWith('Training ')))
  const own = models?.filter((model) => model.own) ?? []
  if (own.length === 0) return null
  const remove = (id: string) =>
    app.host
      .removeOwnModel(id)
      .then(() => refreshOwnModels(app))
      .catch((error: unknown) => app.notify(`${id} was not removed: ${messageOf(error)}`))
  return (
    <Panel title="Trained here">
      <ul className={styles.models}>
        {own.map(({ id, active, total, loss, role }) => (
          <li key={id}>
            <span data-kind={role}>{id}</span>
            <small>
              {`${formatCount(total)}, costs ${formatCount(active.all)} · `}
              {loss ? `loss ${formatLoss(loss.mean)}` : 'not to its end'}
            </small>
            <div>
              {unfinished.includes(id) && (
                <Button
                  disabled={busy}
                  onClick={() =>
                    void continueTraining(app, id).catch((error: unknown) =>
                      app.notify(`${id} cannot go on: ${messageOf(error)}`)
                    )
                  }
                >
                  Go on
                </Button>
              )}
              <Button onClick={() => app.choose({ view: 'compare', pair: 'free', right: id })}>Compare</Button>
              {checkpointed.includes(id) && (
                <Button disabled={busy || !engine} onClick={() => void recordTraining(app, id)}>
                  Routing over training
                </Button>
              )}
              <Button look="quiet" disabled={busy} onClick={() => void remove(id)}>
                Remove
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
