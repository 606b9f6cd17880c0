import type { RunRecord } from '@core/lab/run'

/** Says in the header how the jobs of the list have ended: first what is to be seen to, else how the last one ended. */
export function endedText(runs: readonly Pick<RunRecord, 'status' | 'ended'>[]): string {
  if (runs.some(({ status }) => status === 'failed')) return 'job failed'
  if (runs.some(({ status }) => status === 'interrupted')) return 'job interrupted'
  const last = runs.toSorted((a, b) => (a.ended ?? 0) - (b.ended ?? 0)).at(-1)
  return last?.status === 'cancelled' ? 'cancelled' : 'finished'
}
