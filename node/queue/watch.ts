/** The queue of a sweep as somebody sees it who only looks. */
import type { Job, Queue } from 'bullmq'
import { reasonOf } from '../reason'
import { probeQueue, QueueError, type QueuePlace, queueName, withoutSecrets } from './place'

/** A run that a worker computes now. */
export interface QueuedRun {
  readonly id: string
  /** Machine and process of the worker; null where the server does not tell. */
  readonly worker: string | null
  /** Share that is done, from 0 to 1. */
  readonly done: number
}

/** Runs of a sweep that have not ended; those that are whole are in its folder, and no longer in the queue. */
export interface QueueState {
  readonly waiting: number
  readonly computing: readonly QueuedRun[]
  readonly failed: number
  /** The workers at the queue: machine and process of each, which PostgreSQL cuts off when they are long. */
  readonly workers: readonly string[]
}

export interface WatchedQueue {
  /** Rejects with a `QueueError`. */
  state(): Promise<QueueState>
  close(): Promise<void>
}

/** Most runs in a state that are named. */
const mostNamed = 200

/** Looks at the queue of a sweep, and never writes to it. Rejects with a `QueueError` when no server answers, or it refuses. */
export async function watchQueue(place: QueuePlace, sweep: string): Promise<WatchedQueue> {
  await probeQueue(place)
  const { queue, close } = await (place.server === 'redis' ? watchRedis : watchPostgres)(place, queueName(sweep))
  // The next question tells of it.
  queue.on('error', () => undefined)
  return {
    state: async () => {
      try {
        const [counts, active, clients] = await Promise.all([
          queue.getJobCounts('wait', 'active', 'delayed', 'prioritized', 'failed'),
          queue.getActive(0, mostNamed - 1),
          queue.getWorkers()
        ])
        const { wait = 0, delayed = 0, prioritized = 0, failed = 0 } = counts
        return {
          waiting: wait + delayed + prioritized,
          computing: active.map(queuedRun),
          failed,
          workers: clients.map(workerName).sort()
        }
      } catch (error) {
        const reason = withoutSecrets(place.url, reasonOf(error))
        throw new QueueError(`the queue at ${place.name} does not answer: ${reason}`, { cause: undefined })
      }
    },
    close
  }
}

type Connected = { readonly queue: Queue; close(): Promise<void> }

async function watchRedis({ url }: QueuePlace, name: string): Promise<Connected> {
  const { Redis } = await import('ioredis')
  const { Queue } = await import('bullmq')
  // Each question has an answer or an error, also while the server is away.
  const connection = new Redis(url.href, { maxRetriesPerRequest: 1, enableOfflineQueue: true })
  connection.on('error', () => undefined)
  const queue = new Queue(name, { connection, skipMetasUpdate: true })
  return {
    queue,
    close: async () => {
      await queue.close().catch(() => undefined)
      connection.disconnect()
    }
  }
}

async function watchPostgres({ url }: QueuePlace, name: string): Promise<Connected> {
  const { default: pg } = await import('pg')
  const bullmq = await import('bullmq')
  const { Queue } = bullmq.withBackend(bullmq.createPostgresBackend)
  const connection = new pg.Pool({
    connectionString: url.href,
    max: 2,
    connectionTimeoutMillis: 10_000,
    options: '-c search_path=bullmq -c default_transaction_read_only=on'
  })
  connection.on('error', () => undefined)
  const queue = new Queue(name, { connection, skipMetasUpdate: true } as never) as unknown as Queue
  return {
    queue,
    close: async () => {
      await queue.close().catch(() => undefined)
      await connection.end()
    }
  }
}

function queuedRun({ id = '', progress, processedBy }: Job): QueuedRun {
  return { id, worker: processedBy ?? null, done: typeof progress === 'number' ? progress : 0 }
}

/** The name that a worker gave itself, of that of its connection. */
function workerName({ rawname, name }: Readonly<Record<string, string | undefined>>): string {
  const text = rawname ?? name ?? ''
  const at = text.indexOf(':w:')
  return at < 0 ? text : text.slice(at + 3)
}
