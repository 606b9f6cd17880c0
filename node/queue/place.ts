/** The place of a queue, by its URL: Redis (or Valkey) or PostgreSQL. */
import { codeOf, reasonOf } from '../reason'

/** No server answers, or it refuses. The message tells neither user nor password. */
export class QueueError extends Error {
  override readonly name = 'QueueError'
}

export interface QueuePlace {
  readonly server: 'redis' | 'postgres'
  /** Its URL without user and password. */
  readonly name: string
  /** With user and password. */
  readonly url: URL
}

/** An address as it is asked for, without user and password. */
export const queueExample = 'redis://HOST:6379 or postgres://USER@HOST:5432/DATABASE'

/** The place that a URL names; undefined for any other text. */
export function queuePlace(text: string): QueuePlace | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const server = Object.hasOwn(servers, url.protocol) ? servers[url.protocol] : undefined
  return server && url.hostname ? { server, name: `${url.protocol}//${url.host}${url.pathname}`, url } : undefined
}

const servers: Readonly<Record<string, QueuePlace['server']>> = {
  'redis:': 'redis',
  'rediss:': 'redis',
  'postgres:': 'postgres',
  'postgresql:': 'postgres'
}

/** The queue of a sweep, by the id in its `store.json`: whoever serves it has that folder. */
export function queueName(sweep: string): string {
  return `moescope-${sweep}`
}

const patience = 10_000

/** Resolves once the server has answered a request. Rejects with a `QueueError`. */
export async function probeQueue(place: QueuePlace): Promise<void> {
  try {
    await (place.server === 'redis' ? probeRedis : probePostgres)(place.url.href)
  } catch (error) {
    throw new QueueError(refusal(place, error), { cause: undefined })
  }
}

async function probeRedis(url: string): Promise<void> {
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
}

async function probePostgres(url: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: patience })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Codes of PostgreSQL: a password that is wrong, and a user that may not. */
const refusals = ['28P01', '28000']

function refusal({ name, url }: QueuePlace, error: unknown): string {
  const code = codeOf(error) ?? ''
  const reason = error instanceof AggregateError ? (codeOf(error) ?? reasonOf(error.errors[0])) : reasonOf(error)
  if (refusals.includes(code) || /^(WRONGPASS|NOAUTH|NOPERM)/.test(reason)) {
    return `the queue at ${name} refuses this user or password`
  }
  return `no queue answers at ${name}: ${withoutSecrets(url, reason)}`
}

/** A text in which neither user nor password of a URL stands. */
export function withoutSecrets({ username, password }: URL, text: string): string {
  const secrets = [password, username, decoded(password), decoded(username)]
  return secrets.reduce((safe, secret) => (secret === '' ? safe : safe.replaceAll(secret, '***')), text)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // A percent sign that begins no escape stands for itself.
    return part
  }
}
