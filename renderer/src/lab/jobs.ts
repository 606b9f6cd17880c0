/** Long work in one place: how far it is, how long it will take, and how it is cancelled. */

import { messageOf } from '@core/reason'
import type { StoreApi } from 'zustand/vanilla'
import type { AppState } from '../state/app-state'
import type { Job, Jobs } from './state'

export function createJobs(store: StoreApi<AppState>, now: () => number = Date.now): Jobs {
  const controllers = new Map<number, AbortController>()
  let count = 0
  const change = (id: number, changes: Partial<Job>) =>
    store.setState(({ jobs }) => ({ jobs: jobs.map((job) => (job.id === id ? changed(job, changes) : job)) }))
  const changed = (job: Job, changes: Partial<Job>): Job => {
    const next = { ...job, ...changes, taken: now() - job.begun }
    return next.done > 0 && !next.origin ? { ...next, origin: { done: next.done, taken: next.taken } } : next
  }
  return {
    start: async (title, work) => {
      const id = ++count
      const controller = new AbortController()
      controllers.set(id, controller)
      const job: Job = { id, title, done: 0, detail: '', status: 'running', begun: now(), taken: 0, origin: undefined }
      store.setState(({ jobs }) => ({ jobs: [...jobs, job] }))
      try {
        await work({ signal: controller.signal, progress: (done, detail) => change(id, { done, detail }) })
        change(id, controller.signal.aborted ? { status: 'cancelled' } : { status: 'done', done: 1 })
      } catch (error) {
        change(id, controller.signal.aborted ? { status: 'cancelled' } : { status: 'failed', detail: messageOf(error) })
      } finally {
        controllers.delete(id)
      }
    },
    cancel: (id) => {
      const controller = controllers.get(id)
      if (!controller) return
      change(id, { status: 'cancelling' })
      controller.abort(new DOMException('cancelled', 'AbortError'))
    },
    tidy: () => store.setState(({ jobs }) => ({ jobs: jobs.filter(isRunning) }))
  }
}

export function isRunning({ status }: Job): boolean {
  return status === 'running' || status === 'cancelling'
}

/** Seconds that a job will still take, if it goes on as it did; undefined before that can be told. */
export function secondsLeft({ done, taken, origin }: Job): number | undefined {
  if (!origin || done <= origin.done || taken - origin.taken < 500) return undefined
  return (((taken - origin.taken) / (done - origin.done)) * (1 - done)) / 1000
}
