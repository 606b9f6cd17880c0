import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { Panel } from '../ui/Panel'
import { compareRun, traceRun, whyNoModel } from './models'
import styles from './SweepView.module.css'
import { figureOf } from './table'
import type { SweepInSight } from './use-sweep'
import { cellText, machinesText, stateText } from './words'

/** The chosen run: what came of it, and where it leads. */
export function RunDetail({ sweep, columns }: SweepInSight) {
  const app = useApp()
  const chosen = useAppState(({ choices }) => choices.sweep.run)
  const run = sweep.runs.find(({ id }) => id === chosen)
  const reason = useAppState((state) => (run ? whyNoModel(state, run) : undefined))
  if (!run) return <p className={styles.note}>Choose a row to see its run, and to open it as a model.</p>
  const { state, settings } = run
  const isMoe = Number(figureOf(run, 'total')) > Number(figureOf(run, 'active'))
  const machine = typeof run.figures.machine === 'string' ? `Measured ${machinesText([run])}.` : ''
  return (
    <Panel title={run.id} className={styles.detail ?? ''}>
      <p>
        {[...columns]
          .flatMap(({ id, label, valueOf }) => {
            const value = valueOf(run)
            return value === null || id === 'state' ? [] : [`${label} ${cellText(id, value)}`]
          })
          .join(' · ')}
      </p>
      <p>
        {'reason' in state ? (
          <span className={styles.failed}>
            {state.kind === 'failed' ? 'Failed' : 'Damaged'}: {state.reason}
          </span>
        ) : (
          `The run is ${stateText(state)}.`
        )}{' '}
        {machine} {reason}
      </p>
      <div className={styles.actions}>
        <Button disabled={reason !== undefined} onClick={() => attempt(app, () => compareRun(app, run))}>
          Open in Compare
        </Button>
        {isMoe && (
          <Button disabled={reason !== undefined} onClick={() => attempt(app, () => traceRun(app, run))}>
            Record its routing
          </Button>
        )}
      </div>
      <details>
        <summary>All settings</summary>
        <dl className={styles.facts}>
          {Object.entries(settings)
            .filter(([path]) => !path.startsWith('config.'))
            .map(([path, value]) => (
              <div key={path}>
                <dt>{path}</dt>
                <dd>{String(value)}</dd>
              </div>
            ))}
        </dl>
      </details>
    </Panel>
  )
}
