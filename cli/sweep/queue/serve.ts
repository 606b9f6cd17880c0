/** A worker: computes the runs that a queue gives it. */
import { once } from 'node:events'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { reasonOf } from '../../../node/reason'
import { FailureError } from '../../terminal/errors'
import { versions } from '../../terminal/native'
import type { Terminal } from '../../terminal/terminal'
import { attemptRun } from '../attempts'
import type { SweepFolder } from '../folder'
import { createSlot, taskSchema } from '../slot'
import { quietly } from './quietly'
import { openQueueServer } from './server'

export interface Serving {
  readonly url: string
  readonly folder: SweepFolder
  /** Runs at the same time, each in a process of its own. */
  readonly slots: number
  /** Milliseconds without a sign of life after which a run goes to another worker. */
  readonly lease: number
}

/** Milliseconds after which a run that somebody else computes is asked for again, and between reports of progress. */
const pause = 1000

/**
 * Computes what the queue of a folder gives, until it is interrupted; its runs go back to the queue then, and go on from
 * what they saved. Rejects as `openQueueServer`.
 */
export async function serveQueue({ url, folder, slots, lease }: Serving, terminal: Terminal): Promise<void> {
  const server = await openQueueServer(url)
  const signal = terminal.interruption()
  const { moescope, onnxruntime } = versions()
  // Redis takes no name with a space.
  const name = `${hostname()}:${process.pid}`
  const label = `${name}, moescope ${moescope}, onnxruntime ${onnxruntime}`
  const free = Array.from({ length: slots }, () => createSlot(terminal, folder.path, signal))
  const worker = server.worker(
    folder.id,
    async (job, token) => {
      const slot = free.pop()
      if (!slot) throw new Error('the queue gave more runs than there are slots')
      try {
        const task = taskSchema.parse(job.data)
        let toldAt = performance.now()
        const onProgress = (done: number) => {
          if (performance.now() - toldAt < pause) return
          toldAt = performance.now()
          // The next one follows.
          void job.updateProgress(done).catch(() => undefined)
        }
        let outcome: Awaited<ReturnType<typeof attemptRun>>
        do {
          outcome = await attemptRun(task, slot, folder, { signal, terminal, onProgress })
          if (outcome.kind === 'held') await wait(pause, undefined, { signal }).catch(() => undefined)
        } while (outcome.kind === 'held' && !signal.aborted)
        if (outcome.kind === 'failed') throw new FailureError(outcome.reason)
        if (outcome.kind === 'finished') return terminal.tell(`${task.id} is whole\n`)
        await job.moveToWait(token)
        throw new server.WaitingError()
      } finally {
        free.push(slot)
      }
    },
    { concurrency: slots, lease, name }
  )
  worker.on('error', quietly(server.name, terminal))
  worker.on('failed', (job, error) => terminal.tell(`${job?.id ?? 'a run'} failed: ${reasonOf(error)}\n`))
  terminal.tell(`${label}: waits at ${server.name} for runs of ${folder.path}\n`)
  if (!signal.aborted) await once(signal, 'abort')
  await worker.close()
  await Promise.all(free.map((slot) => slot.end()))
}
