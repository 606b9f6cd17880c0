/** Computing a run with the record of it among its files, as the app's queue keeps one. */
import { readRecord } from '@core/lab/queue'
import type { Run, RunRecord, RunStatus } from '@core/lab/run'
import { recordName } from '@core/lab/store'
import { reasonOf } from '../../node/reason'
import { type ComputeOptions, compute } from './compute'

/**
 * Computes as `compute`, and records that it runs, and how it has ended. Answers false for a run that `onEvent` has
 * cancelled, which can go on.
 */
export async function computeRecorded<Event>(
  { id, ...run }: Run & { readonly id: string },
  { onProgress, ...options }: ComputeOptions<Event>
): Promise<boolean> {
  const { files, signal } = options
  const created = (await readRecord({ files: () => files }, ''))?.created ?? Date.now()
  const started = Date.now()
  let last = { done: 0, detail: '' }
  const keep = async (status: RunStatus, failure?: string) => {
    const ended = status === 'running' ? {} : { ended: Date.now() }
    const record: RunRecord = { format: 'moescope.lab-run/1', id, ...run, status, created, started, ...last, ...ended }
    const content = JSON.stringify(failure === undefined ? record : { ...record, failure })
    await files.write(recordName, new TextEncoder().encode(content))
  }
  // It computes meanwhile; what finds no room here finds none for its result either, which is told.
  const begun = keep('running').catch(() => undefined)
  try {
    await compute<Event>(run, {
      ...options,
      onProgress: (done, detail) => {
        last = { done, detail }
        onProgress?.(done, detail)
      }
    })
  } catch (error) {
    const isStopped = error instanceof Error && error.name === 'AbortError'
    const isCancelled = isStopped || (signal?.aborted === true && error === signal.reason)
    await begun
    // The error says why it ended; that this cannot be recorded has the same cause.
    await keep(isCancelled ? 'cancelled' : 'failed', isCancelled ? undefined : reasonOf(error)).catch(() => undefined)
    if (isStopped && !signal?.aborted) return false
    throw error
  }
  await begun
  last = { done: 1, detail: '' }
  await keep('finished')
  return true
}
