/** Giving the runs of a sweep to a queue, and following them until they end. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import type { Terminal } from '../../terminal/terminal'
import { createBackground } from '../background'
import type { ListedRun } from '../folder'
import type { Task } from '../slot'
import type { Work } from '../work'
import { quietly } from './quietly'
import { openQueueServer } from './server'

export interface Following extends Pick<Work, 'folder' | 'signal' | 'onProgress' | 'onEnd'> {
  readonly url: string
  readonly terminal: Terminal
}

/** Milliseconds between two looks at the queue, for what no event has told. */
const pause = 2000

/** Jobs that are added at once. */
const atOnce = 1000

/**
 * Puts runs into the queue and resolves once all of them have ended, or the signal says so: they stay in the queue then.
 * Results are read from the folder; events only say when to look. Rejects as `openQueueServer`.
 */
export async function followQueue(list: readonly ListedRun[], following: Following): Promise<void> {
  const { url, folder, signal, terminal, onProgress, onEnd } = following
  const server = await openQueueServer(url)
  const queue = server.queue(folder.id)
  const events = server.events(folder.id)
  const hearError = quietly(server.name, terminal)
  queue.on('error', hearError)
  events.on('error', hearError)
  const pending = new Map(list.map((run) => [run.id, run]))
  const settling = createBackground()

  async function settle(id: string): Promise<boolean> {
    const run = pending.get(id)
    if (!run || !(await folder.finished(id)) || !pending.delete(id)) return false
    await onEnd(run, { kind: 'finished' })
    return true
  }
  async function fail(id: string, reason: string): Promise<void> {
    const run = pending.get(id)
    if (run && pending.delete(id)) await onEnd(run, { kind: 'failed', reason, log: '' })
  }
  events.on('completed', ({ jobId }) => settling.add(settle(jobId)))
  events.on('failed', ({ jobId, failedReason }) => settling.add(fail(jobId, failedReason)))
  events.on('progress', ({ jobId, data }) => {
    const run = pending.get(jobId)
    if (run && typeof data === 'number') onProgress?.(run, data, '')
  })

  try {
    await events.waitUntilReady()
    await removeFailed(queue, pending)
    await add(queue, list)
    if ((await queue.getWorkersCount()) === 0) {
      terminal.tell(
        `no worker is at the queue yet: on each machine run 'moescope worker --queue URL --store ${folder.path}'\n`
      )
    }
    while (pending.size > 0 && !signal.aborted && !settling.hasFailed) {
      await wait(pause, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted) await look()
    }
    await settling.ended()
  } finally {
    await Promise.all([queue.close(), events.close()])
  }

  /** Finds what has ended without an event, and what a server that died has lost. */
  async function look(): Promise<void> {
    const counts = await answered(() => queue.getJobCounts('wait', 'active', 'delayed', 'prioritized'))
    if (!counts || sumOf(Object.values(counts)) >= pending.size) return
    for (const [id, run] of pending) {
      if (await settle(id)) continue
      const state = await answered(() => queue.getJobState(id))
      if (state === 'unknown') await answered(() => add(queue, [run]))
      else if (state === 'failed') {
        const job = await answered(() => queue.getJob(id))
        if (job) await fail(id, job.failedReason)
      }
    }
  }

  /** The queue's answer; undefined while it gives none, which is told. */
  async function answered<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask()
    } catch (error) {
      hearError(error)
      return undefined
    }
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** Jobs of runs that are in the queue already are not added again. */
async function add(queue: Queue<Task>, list: readonly ListedRun[]): Promise<void> {
  for (let start = 0; start < list.length; start += atOnce) {
    await queue.addBulk(
      list.slice(start, start + atOnce).map(({ id, kind, spec, threads }) => ({
        name: kind,
        data: { id, kind, spec, threads },
        opts: { jobId: id, removeOnComplete: true }
      }))
    )
  }
}

/** Runs that have failed at another time are tried again. */
async function removeFailed(queue: Queue<Task>, pending: ReadonlyMap<string, ListedRun>): Promise<void> {
  for (const job of await queue.getFailed()) {
    if (job.id !== undefined && pending.has(job.id)) await job.remove()
  }
}
