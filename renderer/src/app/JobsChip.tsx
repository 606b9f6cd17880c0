import { Popover } from '@base-ui/react/popover'
import { isUnderWay, type RunRecord } from '@core/lab/run'
import { useEffect, useState } from 'react'
import { formatPercent } from '../charts/format'
import { CancelRun } from '../lab/RunProgress'
import { resumeWord, statusText, titleOf } from '../lab/run-words'
import type { Lab } from '../lab/state'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import chip from '../ui/Chip.module.css'
import popover from '../ui/Popover.module.css'
import styles from './JobsChip.module.css'
import { endedText } from './jobs-text'

/** Runs that are queued, running or finished, with Cancel, Resume and Remove. Hidden while there are none. */
export function JobsChip() {
  const { lab } = useApp()
  const runs = useAppState((state) => state.runs)
  const listedRuns = useAppState((state) => state.listedRuns)
  const unwritten = useAppState((state) => state.unwritten)
  const shown = runs.filter(({ id }) => listedRuns.includes(id))
  const [open, setOpen] = useState(false)
  useGuard(unwritten || shown.some(isUnderWay))
  useTidiness(lab, !open && shown.some((run) => !isUnderWay(run)))
  if (shown.length === 0) return null
  return (
    <Popover.Root
      open={open}
      onOpenChange={(opens) => {
        setOpen(opens)
        if (!opens) lab.tidy()
      }}
    >
      <Popover.Trigger className={chip.chip} title="Jobs">
        <Summary runs={shown} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className={popover.positioner}>
          <Popover.Popup className={popover.popup}>
            <Popover.Title className={popover.title}>Jobs</Popover.Title>
            <ul className={styles.list}>
              {shown.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </ul>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function RunRow({ run }: { run: RunRecord }) {
  const app = useApp()
  const pace = useAppState(({ paces }) => paces[run.id])
  const word = resumeWord(run)
  return (
    <li className={styles.run} data-status={run.status}>
      <span>{titleOf(run)}</span>
      <div className={styles.actions}>
        {isUnderWay(run) && <CancelRun id={run.id}>Cancel</CancelRun>}
        {word && <Button onClick={() => attempt(app, () => app.lab.queue.add(run, run.id))}>{word}</Button>}
        {word && (
          <Button look="quiet" onClick={() => app.store.setState({ removing: run.id })}>
            Remove
          </Button>
        )}
        {word && (
          <Button look="quiet" onClick={() => app.lab.dismiss(run.id)}>
            Dismiss
          </Button>
        )}
      </div>
      <progress value={run.done} max={1} aria-label={titleOf(run)} />
      <small>{statusText(run, pace)}</small>
    </li>
  )
}

function Summary({ runs }: { runs: readonly RunRecord[] }) {
  const underWay = runs.filter(isUnderWay)
  const [first, ...more] = underWay
  if (more.length > 0) return `${underWay.length} jobs`
  if (first) {
    return (
      <>
        <span className={styles.summary}>{titleOf(first)} · </span>
        <span className={styles.brief}>1 job · </span>
        {formatPercent(first.done)}
      </>
    )
  }
  return endedText(runs)
}

/** Time for which the header says that a job has ended, ms. */
const endMilliseconds = 30_000

/** Takes ended jobs off the list after a while. */
function useTidiness({ tidy }: Lab, needed: boolean): void {
  useEffect(() => {
    if (!needed) return
    const timer = setTimeout(tidy, endMilliseconds)
    return () => clearTimeout(timer)
  }, [needed, tidy])
}

/** Has the browser, or the desktop app, ask before the page is left while something computes or is in no store yet. */
function useGuard(needed: boolean): void {
  useEffect(() => {
    if (!needed) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [needed])
}
