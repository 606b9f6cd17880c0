/**
 * A double of S3-compatible storage by HTTP, with one bucket: what the client asks for is kept in memory, with the
 * conditions that writes may have. It is no server that others run, and checks of a signature only whose it is.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'

export interface StorageDouble {
  readonly endpoint: string
  /** Objects by their keys. */
  readonly objects: ReadonlyMap<string, Uint8Array>
}

interface Kept {
  readonly bytes: Uint8Array
  readonly tag: string
  readonly at: Date
}

export async function startStorage({ bucket, user }: { bucket: string; user: string }): Promise<StorageDouble> {
  const kept = new Map<string, Kept>()
  const server = createServer((request, response) => {
    const answer = (status: number, body: string | Uint8Array = '', headers: Record<string, string> = {}) => {
      response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body)
    }
    const refuse = (status: number, code: string) =>
      answer(status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`, {
        'content-type': 'application/xml'
      })
    const answerTo = async () => {
      const url = new URL(request.url ?? '', 'http://localhost')
      const [, name, ...rest] = decodeURIComponent(url.pathname).split('/')
      const key = rest.join('/')
      const body = await bodyOf(request)
      if (!request.headers.authorization?.includes(`Credential=${user}/`)) return refuse(403, 'InvalidAccessKeyId')
      if (name !== bucket) return refuse(404, 'NoSuchBucket')
      const found = kept.get(key)
      if (request.method === 'GET' && key === '') return answer(200, listing(kept, url.searchParams))
      if (request.method === 'DELETE') {
        kept.delete(key)
        return answer(204)
      }
      if (request.method === 'GET') {
        if (!found) return refuse(404, 'NoSuchKey')
        return answer(200, found.bytes, { etag: found.tag, 'last-modified': found.at.toUTCString() })
      }
      const { 'if-match': wanted, 'if-none-match': none } = request.headers
      if ((none === '*' && found) || (wanted !== undefined && found?.tag !== wanted))
        return refuse(412, 'PreconditionFailed')
      const tag = `"${createHash('md5').update(body).digest('hex')}"`
      kept.set(key, { bytes: body, tag, at: new Date() })
      return answer(200, '', { etag: tag })
    }
    void answerTo()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    endpoint: `http://127.0.0.1:${port}`,
    get objects() {
      return new Map([...kept].map(([key, { bytes }]) => [key, bytes]))
    }
  }
}

/** Two keys a page, so that pages are followed. */
const pageSize = 2

function listing(kept: ReadonlyMap<string, Kept>, query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const after = query.get('continuation-token') ?? ''
  const keys = [...kept.keys()].filter((key) => key.startsWith(prefix)).sort()
  const named = keys.map((key) => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    return end < 0 ? { key } : { folder: key.slice(0, end + 1) }
  })
  const unique = [...new Map(named.map((each) => [each.folder ?? each.key ?? '', each]))].filter(
    ([name]) => name > after
  )
  const page = unique.slice(0, pageSize)
  const items = page.map(([name, { folder }]) =>
    folder === undefined
      ? `<Contents><Key>${name}</Key></Contents>`
      : `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`
  )
  const isCut = unique.length > page.length
  const next = isCut ? `<NextContinuationToken>${page.at(-1)?.[0] ?? ''}</NextContinuationToken>` : ''
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${isCut}</IsTruncated>${next}${items.join('')}</ListBucketResult>`
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of request) parts.push(part as Uint8Array)
  return Buffer.concat(parts)
}
