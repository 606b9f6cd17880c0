import { formatExact } from '../charts/format'
import { useApp, useAppState } from '../state/app'
import { Button } from '../ui/Button'
import { CommandButton } from '../ui/CommandButton'
import { saveTrace } from './routing-file'
import type { OpenTrace } from './state'
import styles from './TracesBar.module.css'
import { useInspected } from './use-inspected'

/** The inspected trace with its facts and actions, and the other open ones. */
export function TracesBar() {
  const app = useApp()
  const { trace, facts } = useInspected()
  const [, ...others] = useAppState(({ traces }) => traces)
  const { layers, experts, topK, tokenCount, sequences, model, source } = facts
  const closeAll = async () => {
    for (const { id } of [trace, ...others]) await app.inspector.close(id)
  }
  const details = [
    model !== '' && !trace.name.startsWith(model) && `model ${model}`,
    source !== '' && source !== trace.name && source,
    tokenCount > 0 && `${formatExact(tokenCount)} tokens`,
    sequences > 1 && `${formatExact(sequences)} texts`,
    `${layers.length} MoE layers`,
    topK === undefined ? `${experts} experts` : `top-${topK} of ${experts} experts`
  ].filter(Boolean)
  return (
    <section className={styles.bar} aria-label="Open traces">
      <p>
        <strong>{trace.name}</strong> <span>{details.join(' · ')}</span>
      </p>
      <div className={styles.actions}>
        <Button look="quiet" onClick={() => void saveTrace(app, trace)}>
          Save …
        </Button>
        <CommandButton id="open" look="quiet">
          Open another …
        </CommandButton>
        <Button look="quiet" onClick={() => void app.inspector.close(trace.id)}>
          Close
        </Button>
        {others.length > 0 && (
          <Button look="quiet" onClick={() => void closeAll()}>
            Close all
          </Button>
        )}
      </div>
      {others.length > 0 && (
        <p className={styles.others}>
          also open:{' '}
          {others.map((other) => (
            <button
              key={other.id}
              type="button"
              onClick={() => app.inspector.inspectFirst(other.id)}
              title={`Inspect ${other.name}`}
            >
              {nameBeside(other, trace)}
            </button>
          ))}
        </p>
      )}
      {facts.notes.length > 0 && (
        <ul className={styles.notes}>
          {facts.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Of another checkpoint of the same training the step is enough. */
function nameBeside({ name, training }: OpenTrace, first: OpenTrace): string {
  return training && training.series === first.training?.series ? `step ${formatExact(training.step)}` : name
}
