import { runForms } from '@core/lab/kinds/forms'
import { isResumable, type RunRecord } from '@core/lab/run'
import { formatDuration, formatPercent } from '../charts/format'
import { secondsLeft } from './pace'
import type { Pace } from './state'

/** The title of a run: `Training my-moe-159k-1f3a9c02`. */
export function titleOf({ kind, spec, id }: RunRecord): string {
  // A later version may have kinds that this one does not know.
  return runForms.find((each) => each.kind === kind)?.title(spec as never, id) ?? id
}

/** The progress of a run, in a line. */
export function statusText(run: RunRecord, pace: Pace | undefined): string {
  switch (run.status) {
    case 'queued':
      return 'queued'
    case 'running': {
      const seconds = secondsLeft(pace)
      const left = seconds === undefined ? 'estimating the time left' : `about ${formatDuration(seconds)} left`
      return [formatPercent(run.done), left, run.detail].filter(Boolean).join(' · ')
    }
    case 'paused':
      if (run.onHold) return [formatPercent(run.done), 'paused', run.detail].filter(Boolean).join(' · ')
      return `${formatPercent(run.done)} · paused while a speed is measured`
    case 'interrupted':
      return `interrupted at ${formatPercent(run.done)}`
    case 'cancelled':
      return `cancelled at ${formatPercent(run.done)}`
    case 'failed':
      return `failed: ${run.failure ?? 'no reason was reported'}`
    case 'finished':
      return `finished in ${formatDuration(((run.ended ?? 0) - (run.started ?? 0)) / 1000)}`
  }
}

/** Label of the button that resumes a run; undefined for a run that cannot be resumed. */
export function resumeWord(run: RunRecord): 'Resume' | 'Retry' | undefined {
  if (!isResumable(run)) return undefined
  return run.status === 'failed' ? 'Retry' : 'Resume'
}
