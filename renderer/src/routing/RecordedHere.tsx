import type { RecordSpec } from '@core/lab/kinds/record'
import type { RunRecord } from '@core/lab/run'
import { formatExact } from '../charts/format'
import { openRecording } from '../lab/record'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import styles from './RecordModels.module.css'

/** The recordings that are kept here, the latest first. */
export function RecordedHere() {
  const app = useApp()
  const runs = useAppState((state) => state.runs)
  const traces = useAppState((state) => state.traces)
  const recordings = runs
    .filter(
      ({ id, kind, status }) => kind === 'record' && status === 'finished' && !traces.some(({ run }) => run === id)
    )
    .toReversed()
  if (recordings.length === 0) return null
  return (
    <section aria-label="Recorded here">
      <h3>Recorded here</h3>
      <ul className={styles.models}>
        {recordings.map((run) => (
          <li key={run.id}>
            <span>
              {recordedModel(run)} <small>{recordedText(run)}</small>
            </span>
            <div className={styles.actions}>
              <Button onClick={() => attempt(app, () => openRecording(app, run.id, run.spec as RecordSpec))}>
                Open
              </Button>
              <Button look="quiet" onClick={() => attempt(app, () => app.lab.remove(run.id))}>
                Remove
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

function recordedModel({ spec }: RunRecord): string {
  return (spec as RecordSpec).model.id
}

/** The text that was read, and the day. */
function recordedText({ spec, created }: RunRecord): string {
  const { text } = spec as RecordSpec
  const read = text.kind === 'generated' ? `${formatExact(text.characters)} characters, seed ${text.seed}` : text.source
  return `${read}, ${new Date(created).toLocaleDateString('en', { day: 'numeric', month: 'long', year: 'numeric' })}`
}
