/** The server of a queue: Redis (or Valkey) or PostgreSQL, with BullMQ, which is loaded only when a queue is asked for. */
import { createRequire } from 'node:module'
import type { Job, Queue, QueueEvents, Worker } from 'bullmq'
import { codeOf, reasonOf } from '../../../node/reason'
import { FailureError, UsageError } from '../../terminal/errors'
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
 * another URL, and a `FailureError` when no server answers, or refuses; neither tells user or password.
 */
export async function openQueueServer(url: string): Promise<QueueServer> {
  const place = URL.canParse(url) ? new URL(url) : undefined
  const kind = place && kinds[place.protocol]
  if (!place || !kind) {
    throw new UsageError('--queue: expected a URL such as redis://HOST:6379 or postgres://USER@HOST:5432/DATABASE')
  }
  const name = nameOf(place)
  try {
    await kind.probe(url)
  } catch (error) {
    throw new FailureError(refusal(name, error, place), { cause: undefined })
  }
  // Its modules for `import` cannot load the driver of PostgreSQL.
  const bullmq = createRequire(import.meta.url)('bullmq') as Bullmq
  return { name, WaitingError: bullmq.WaitingError, ...kind.classes(bullmq, url) }
}

type Classes = Pick<QueueServer, 'queue' | 'events' | 'worker'>

interface ServerKind {
  /** Rejects when the server does not answer a request. */
  probe(url: string): Promise<void>
  classes(bullmq: Bullmq, url: string): Classes
}

const patience = 10_000

const redis: ServerKind = {
  probe: async (url) => {
    const { Redis } = await import('ioredis')
    let reason: unknown
    const client = new Redis(url, { lazyConnect: true, connectTimeout: patience, retryStrategy: () => null })
    client.on('error', (error) => {
      reason = error
    })
    try {
      await client.connect()
      await client.ping()
    } catch (error) {
      throw reason ?? error
    } finally {
      client.disconnect()
    }
  },
  classes: ({ Queue, QueueEvents, Worker }, url) => {
    const connection = { url, maxRetriesPerRequest: null }
    return {
      queue: (id) => new Queue<Task>(queueName(id), { connection }),
      events: (id) => new QueueEvents(queueName(id), { connection }),
      worker: (id, process, options) =>
        new Worker<Task>(queueName(id), process, { connection, ...workerOptions(options) })
    }
  }
}

const postgres: ServerKind = {
  probe: async (url) => {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: patience })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('select 1')
    } finally {
      await client.end().catch(() => undefined)
    }
  },
  classes: (bullmq, url) => {
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

const kinds: Readonly<Record<string, ServerKind>> = {
  'redis:': redis,
  'rediss:': redis,
  'postgres:': postgres,
  'postgresql:': postgres
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

/** Of the folder whose id it is: whoever serves the queue has that folder. */
function queueName(id: string): string {
  return `moescope-${id}`
}

function nameOf({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`
}

/** Codes of PostgreSQL: a password that is wrong, and a user that may not. */
const refusals = ['28P01', '28000']

function refusal(name: string, error: unknown, { username, password }: URL): string {
  const code = codeOf(error) ?? ''
  const reason = error instanceof AggregateError ? (codeOf(error) ?? reasonOf(error.errors[0])) : reasonOf(error)
  if (refusals.includes(code) || /^(WRONGPASS|NOAUTH|NOPERM)/.test(reason)) {
    return `the queue at ${name} refuses this user or password`
  }
  const secrets = [password, username, decodeURIComponent(password), decodeURIComponent(username)]
  const safe = secrets.reduce((text, secret) => (secret === '' ? text : text.replaceAll(secret, '***')), reason)
  return `no queue answers at ${name}: ${safe}`
}
