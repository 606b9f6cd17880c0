import type { RunRecord } from '@core/lab/run'
import { useApp, useAppState } from '../state/app'
import { Button } from '../ui/Button'
import styles from './RunProgress.module.css'
import { statusText, titleOf } from './run-words'

/** The progress of a run that waits or computes, and the way to end it. */
export function RunProgress({ run }: { run: RunRecord }) {
  const pace = useAppState(({ paces }) => paces[run.id])
  return (
    <output className={styles.progress}>
      <progress value={run.done} max={1} aria-label={titleOf(run)} />
      <span>
        {titleOf(run)}: {statusText(run, pace)}
      </span>
      <CancelRun id={run.id}>Cancel</CancelRun>
    </output>
  )
}

/** Ends a run, which takes until the end of its present step. */
export function CancelRun({ id, children }: { id: string; children: string }) {
  const { lab } = useApp()
  const ending = useAppState((state) => state.ending.includes(id))
  return (
    <Button disabled={ending} onClick={() => lab.cancel(id)}>
      {children}
    </Button>
  )
}
