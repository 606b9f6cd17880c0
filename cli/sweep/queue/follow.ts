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
  const hearError = quietly(server.name, terminal)
  queue.on('error', hearError)
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

  try {
    await fill(queue, list)
    if ((await queue.getWorkersCount()) === 0) {
      terminal.tell(
        `no worker is at the queue yet: on each machine run 'moescope worker --queue URL --store ${folder.path}'\n`
      )
    }
    await hear()
  } finally {
    await queue.close()
  }

  /** Begins only once the queue is filled: every run that is added is an event, too. */
  async function hear(): Promise<void> {
    const events = server.events(folder.id)
    events.on('error', hearError)
    events.on('completed', ({ jobId }) => settling.add(settle(jobId)))
    events.on('failed', ({ jobId, failedReason }) => settling.add(fail(jobId, failedReason)))
    events.on('progress', ({ jobId, data }) => {
      const run = pending.get(jobId)
      if (run && typeof data === 'number') onProgress?.(run, data, '')
    })
    try {
      await events.waitUntilReady()
      while (pending.size > 0 && !signal.aborted && !settling.hasFailed) {
        await wait(pause, undefined, { signal }).catch(() => undefined)
        if (!signal.aborted) await look()
      }
      await settling.ended()
    } finally {
      await events.close()
    }
  }

  /** Finds what has ended without an event, and what a server that died has lost. */
  async function look(): Promise<void> {
    const counts = await answered(() => queue.getJobCounts(...unended))
    if (!counts || sumOf(Object.values(counts)) >= pending.size) return
    const queued = await answered(() => unendedIds(queue))
    if (!queued) return
    for (const [id, run] of pending) {
      if (queued.has(id) || (await settle(id))) continue
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

/** States of jobs that wait or are computed. */
const unended = ['wait', 'active', 'delayed', 'prioritized'] as const

async function unendedIds(queue: Queue<Task>): Promise<Set<string>> {
  return new Set(await queue.getRanges([...unended], 0, -1))
}

/** Adds the runs that are not in the queue; those that have failed at another time are tried again. */
async function fill(queue: Queue<Task>, list: readonly ListedRun[]): Promise<void> {
  const asked = new Set(list.map(({ id }) => id))
  for (const job of await queue.getFailed()) {
    if (job.id !== undefined && asked.has(job.id)) await job.remove()
  }
  const queued = await unendedIds(queue)
  await add(
    queue,
    list.filter(({ id }) => !queued.has(id))
  )
}

/** A job that is there already stays as it is. */
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
