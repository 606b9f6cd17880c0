/** S3-compatible storage. User and place come from the environment alone, as the programs of AWS name them. */
import { randomUUID } from 'node:crypto'
import type { S3Client } from '@aws-sdk/client-s3'
import type { RunFiles, RunStore } from '@core/lab/store'
import { reasonOf } from '../../../node/reason'
import type { Content } from '../../../node/whole-file'
import { FailureError, UsageError } from '../../terminal/errors'
import { beat, type SweepStore } from './store'

/** A holder counts as dead when so many of its signs of life in a row have not come. */
const missedBeats = 4

const lockName = 'lab-run.lock'

type Commands = typeof import('@aws-sdk/client-s3')

/**
 * `s3://BUCKET/PREFIX`. Throws a `UsageError` for another URL and without credentials, and a `FailureError` when the
 * bucket cannot be read; no message tells the credentials.
 */
export async function openS3Store(url: string): Promise<SweepStore> {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([a-z0-9][\w.-]+)(?:\/(.*?))?\/*$/.exec(url) ?? []
  if (bucket === '') throw new UsageError('expected a place such as s3://BUCKET/PREFIX')
  // Otherwise it tells every user of Node 20 when its later versions will ask for 22.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const commands = await import('@aws-sdk/client-s3')
  const objects = objectsOf({ commands, client: clientOf(commands), bucket, place: url.replace(/\/+$/, '') })
  const below = (...names: readonly string[]) => [prefix, ...names].filter((each) => each !== '').join('/')
  const root = filesOf(objects, below())
  // A bucket that is not there is told before anything is computed.
  await objects.list(below('store.json'))
  return {
    read: root.read,
    write: async (name, content) => {
      await root.write(name, await bytesOf(content))
      return objects.pathOf(below(name))
    },
    create: async (name, content) => void (await objects.put(below(name), content, { IfNoneMatch: '*' })),
    runs: storeOf(objects, below('runs')),
    models: storeOf(objects, below('models')),
    pathOf: (name) => objects.pathOf(below(name))
  }
}

function clientOf({ S3Client }: Commands): S3Client {
  const { env } = process
  const [accessKeyId, secretAccessKey] = [env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY]
  if (!accessKeyId || !secretAccessKey) {
    throw new UsageError('s3: expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment')
  }
  const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL
  const sessionToken = env.AWS_SESSION_TOKEN
  return new S3Client({
    region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    // Servers of others rarely have a name for every bucket, nor the checksums of AWS.
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED'
  })
}

/** Conditions under which an object is written: as long as there is none, or it is still the one of this tag. */
type Condition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string }

interface Objects {
  get(key: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; tag: string; age: number } | undefined>
  /** The tag of what was written; undefined when the condition does not hold. */
  put(key: string, content: Uint8Array | string, condition?: Condition): Promise<string | undefined>
  delete(key: string): Promise<void>
  /** Keys that begin with a prefix; up to the next '/' when `foldersOnly`. */
  list(prefix: string, foldersOnly?: boolean): Promise<string[]>
  pathOf(key: string): string
}

interface Bucket {
  readonly commands: Commands
  readonly client: S3Client
  readonly bucket: string
  /** Its URL, for messages. */
  readonly place: string
}

function objectsOf({ commands, client, bucket: Bucket, place }: Bucket): Objects {
  const failure = (error: unknown) => new FailureError(refusal(place, error), { cause: undefined })
  return {
    get: async (Key) => {
      try {
        const { Body, ETag, LastModified } = await client.send(new commands.GetObjectCommand({ Bucket, Key }))
        const bytes = new Uint8Array((await Body?.transformToByteArray()) ?? [])
        return { bytes, tag: ETag ?? '', age: Date.now() - (LastModified?.getTime() ?? 0) }
      } catch (error) {
        if (statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket') return undefined
        throw failure(error)
      }
    },
    put: async (Key, Body, condition) => {
      try {
        const { ETag } = await client.send(new commands.PutObjectCommand({ Bucket, Key, Body, ...condition }))
        return ETag ?? ''
      } catch (error) {
        // 404 of an object that is to be replaced and is gone, 409 of two who write at the same moment.
        const isRefused =
          condition && [404, 409, 412].includes(statusOf(error) ?? 0) && nameOf(error) !== 'NoSuchBucket'
        if (isRefused) return undefined
        throw failure(error)
      }
    },
    delete: async (Key) => {
      try {
        await client.send(new commands.DeleteObjectCommand({ Bucket, Key }))
      } catch (error) {
        throw failure(error)
      }
    },
    list: async (Prefix, foldersOnly = false) => {
      const keys: string[] = []
      const options = { Bucket, Prefix, ...(foldersOnly ? { Delimiter: '/' } : {}) }
      try {
        for await (const page of commands.paginateListObjectsV2({ client }, options)) {
          const found = foldersOnly
            ? page.CommonPrefixes?.map((each) => each.Prefix)
            : page.Contents?.map(({ Key }) => Key)
          keys.push(...(found ?? []).filter((key) => key !== undefined))
        }
      } catch (error) {
        throw failure(error)
      }
      return keys
    },
    pathOf: (key) => `s3://${Bucket}/${key}`
  }
}

function filesOf({ get, put, delete: remove, list }: Objects, folder: string): RunFiles {
  const keyOf = (name: string) => (folder === '' ? name : `${folder}/${name}`)
  return {
    names: async () => {
      const names = (await list(keyOf(''))).map((key) => key.slice(keyOf('').length))
      return names.filter((name) => name !== lockName).sort()
    },
    read: async (name) => (await get(keyOf(name)))?.bytes,
    write: async (name, content) => void (await put(keyOf(name), content)),
    remove: (name) => remove(keyOf(name))
  }
}

function storeOf(objects: Objects, folder: string): RunStore {
  const files = (id: string) => filesOf(objects, `${folder}/${id}`)
  return {
    ids: async () => {
      const folders = await objects.list(`${folder}/`, true)
      return folders.map((key) => key.slice(folder.length + 1, -1))
    },
    files,
    remove: async (id) => {
      for (const name of await files(id).names()) await files(id).remove(name)
    },
    hold: (id) => hold(objects, `${folder}/${id}/${lockName}`)
  }
}

/**
 * Holds a run by an object that is written only where there is none, or in place of one whose signs of life have ceased:
 * the sign is that it is written anew.
 */
async function hold({ get, put, delete: remove }: Objects, key: string): ReturnType<RunStore['hold']> {
  const me = randomUUID()
  let tag = await put(key, me, { IfNoneMatch: '*' })
  if (tag === undefined) {
    const found = await get(key)
    const isStale = found && found.age > missedBeats * beat
    tag = await (isStale
      ? put(key, me, { IfMatch: found.tag })
      : found
        ? undefined
        : put(key, me, { IfNoneMatch: '*' }))
  }
  if (tag === undefined) return undefined
  let signs = 0
  const giveSign = async () => {
    // A sign that cannot be given is like one that comes late. The content differs, and so its tag.
    tag = (await put(key, `${me} ${++signs}`, { IfMatch: tag ?? '' }).catch(() => tag)) ?? tag
  }
  let giving = Promise.resolve()
  const live = setInterval(() => {
    giving = giving.then(giveSign)
  }, beat).unref()
  return {
    release: async () => {
      clearInterval(live)
      await giving
      const held = await get(key)
      if (held?.tag === tag) await remove(key)
    }
  }
}

async function bytesOf(content: Content): Promise<Uint8Array> {
  if (typeof content === 'string') return new TextEncoder().encode(content)
  if (content instanceof Uint8Array) return content
  const parts: Uint8Array[] = []
  for await (const part of content) parts.push(part)
  return Buffer.concat(parts)
}

function statusOf(error: unknown): number | undefined {
  const about = error instanceof Error && '$metadata' in error ? error.$metadata : undefined
  const status = typeof about === 'object' && about && 'httpStatusCode' in about ? about.httpStatusCode : undefined
  return typeof status === 'number' ? status : undefined
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined
}

function refusal(place: string, error: unknown): string {
  const name = nameOf(error) ?? ''
  if (name === 'NoSuchBucket') return `${place}: there is no such bucket`
  if ([401, 403].includes(statusOf(error) ?? 0)) return `${place} refuses these credentials (${name})`
  const reason = error instanceof AggregateError ? reasonOf(error.errors[0]) : reasonOf(error)
  return `${place} does not answer as storage does: ${reason}`
}
