/** The server of a queue: Redis (or Valkey) or PostgreSQL, with BullMQ, which is loaded only when a queue is asked for. */
import { createRequire } from 'node:module'
import type { Job, Queue, QueueEvents, Worker } from 'bullmq'
import { probeQueue, type QueuePlace, queueExample, queueName, queuePlace } from '../../../node/queue/place'
import { UsageError } from '../../terminal/errors'
import type { Task } from '../slot'

type Bullmq = typeof import('bullmq')

/** The job of a run; it has no result, which lies in the folder. */
export type RunJob = Job<Task>

export interface QueueServer {
  /** Its URL without user and password. */
  readonly name: string
  /** True of the error that a processor throws once it has given a job back. */
  readonly WaitingError: Bullmq['WaitingError']
  queue(id: string): Queue<Task>
  events(id: string): QueueEvents
  /** @param lease milliseconds without a sign of life after which a job goes to another worker */
  worker(
    id: string,
    process: (job: RunJob, token?: string) => Promise<void>,
    options: { readonly concurrency: number; readonly lease: number; readonly name: string }
  ): Worker<Task>
}

/** The variable of the environment that holds the URL of a queue, so that it is in no list of processes. */
export const queueVariable = 'MOESCOPE_QUEUE'

/**
 * Connects to a server once, and answers what connects to it from then on whenever it is there. Throws a `UsageError` for
 * another URL, and a `QueueError` when no server answers, or refuses; neither tells user or password.
 */
export async function openQueueServer(url: string): Promise<QueueServer> {
  const place = queuePlace(url)
  if (!place) throw new UsageError(`--queue: expected a URL such as ${queueExample}`)
  await probeQueue(place)
  // Its modules for `import` cannot load the driver of PostgreSQL.
  const bullmq = createRequire(import.meta.url)('bullmq') as Bullmq
  return { name: place.name, WaitingError: bullmq.WaitingError, ...classesOf[place.server](bullmq, url) }
}

type Classes = Pick<QueueServer, 'queue' | 'events' | 'worker'>

const classesOf: Readonly<Record<QueuePlace['server'], (bullmq: Bullmq, url: string) => Classes>> = {
  redis: ({ Queue, QueueEvents, Worker }, url) => {
    const connection = { url, maxRetriesPerRequest: null }
    return {
      queue: (id) => new Queue<Task>(queueName(id), { connection }),
      events: (id) => new QueueEvents(queueName(id), { connection }),
      worker: (id, process, options) =>
        new Worker<Task>(queueName(id), process, { connection, ...workerOptions(options) })
    }
  },
  postgres: (bullmq, url) => {
    const { Queue, QueueEvents, Worker } = bullmq.withBackend(bullmq.createPostgresBackend)
    const connection = { connectionString: url, migrate: true }
    return {
      queue: (id) => new Queue<Task>(queueName(id), { connection }) as unknown as Queue<Task>,
      events: (id) => new QueueEvents(queueName(id), { connection }) as unknown as QueueEvents,
      worker: (id, process, options) =>
        new Worker<Task>(queueName(id), process as never, {
          connection,
          ...workerOptions(options)
        }) as unknown as Worker<Task>
    }
  }
}

/** A worker that dies takes its runs with it at most so often before they count as failed. */
const mostDeaths = 20

function workerOptions({ concurrency, lease, name }: Parameters<QueueServer['worker']>[2]) {
  return {
    concurrency,
    name,
    lockDuration: lease,
    stalledInterval: lease / 2,
    maxStalledCount: mostDeaths,
    // The end of a run that a lost connection did not tell is told once more before the run goes to another worker.
    runRetryDelay: lease / 4
  }
}
