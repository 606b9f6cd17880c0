import { Popover } from '@base-ui/react/popover'
import { useEffect } from 'react'
import { formatDuration, formatPercent } from '../charts/format'
import { isRunning, secondsLeft } from '../lab/jobs'
import type { Job } from '../lab/state'
import { useApp, useAppState } from '../state/app'
import { Button } from '../ui/Button'
import chip from '../ui/Chip.module.css'
import popover from '../ui/Popover.module.css'
import styles from './JobsChip.module.css'

/** Long work that is running or has ended, wherever it was begun. Shown only when there is some. */
export function JobsChip() {
  const { jobs: actions } = useApp()
  const jobs = useAppState((state) => state.jobs)
  const running = jobs.filter(isRunning)
  useGuard(running.length > 0)
  if (jobs.length === 0) return null
  return (
    <Popover.Root onOpenChange={(open) => !open && actions.tidy()}>
      <Popover.Trigger className={chip.chip} title="Long work">
        {summary(jobs, running)}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className={popover.positioner}>
          <Popover.Popup className={popover.popup}>
            <Popover.Title className={popover.title}>Long work</Popover.Title>
            <ul className={styles.list}>
              {jobs.map((job) => (
                <JobRow key={job.id} job={job} />
              ))}
            </ul>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function JobRow({ job }: { job: Job }) {
  const { jobs } = useApp()
  return (
    <li className={styles.job} data-status={job.status}>
      <span>{job.title}</span>
      {isRunning(job) && (
        <Button disabled={job.status === 'cancelling'} onClick={() => jobs.cancel(job.id)}>
          Cancel
        </Button>
      )}
      <progress value={job.done} max={1} aria-label={job.title} />
      <small>{statusText(job)}</small>
    </li>
  )
}

function statusText(job: Job): string {
  switch (job.status) {
    case 'running': {
      const seconds = secondsLeft(job)
      const left = seconds === undefined ? 'time left not known yet' : `about ${formatDuration(seconds)} left`
      return [formatPercent(job.done), left, job.detail].filter(Boolean).join(' · ')
    }
    case 'cancelling':
      return 'stopping'
    case 'cancelled':
      return `cancelled at ${formatPercent(job.done)}`
    case 'done':
      return `done in ${formatDuration(job.taken / 1000)}`
    case 'failed':
      return `failed: ${job.detail}`
  }
}

function summary(jobs: readonly Job[], running: readonly Job[]): string {
  const [first, ...more] = running
  if (!first) return jobs.some(({ status }) => status === 'failed') ? 'work failed' : 'work ended'
  return more.length > 0 ? `${running.length} jobs` : `${first.title} · ${formatPercent(first.done)}`
}

/** Has the browser, or the desktop app, ask before the page is left while something runs. */
function useGuard(running: boolean): void {
  useEffect(() => {
    if (!running) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [running])
}
