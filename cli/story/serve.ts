/** A page for browsers of this machine alone, and what it sends back. */

import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

export interface Served {
  readonly address: string
  close(): void
}

/**
 * Serves a page on 127.0.0.1, at a port that is free and a path that nobody can guess.
 *
 * @param onSent hears what the page posts, by the path below its own
 */
export async function servePage(
  page: string,
  onSent: (path: URL, body: Buffer) => void = () => undefined
): Promise<Served> {
  const base = `/${randomUUID()}/`
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (!url.pathname.startsWith(base)) return void response.writeHead(404).end()
    if (request.method === 'POST') {
      const body = await buffer(request)
      response.writeHead(204).end()
      return onSent(new URL(url.href.replace(base, '/')), body)
    }
    if (request.method !== 'GET' || url.pathname !== base) return void response.writeHead(404).end()
    const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }
    response.writeHead(200, headers).end(page)
  }
  const server = createServer((request, response) => {
    // A sender that went away has nothing more to say.
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
  await new Promise<void>((ready, failed) => {
    server.once('error', failed)
    server.listen(0, '127.0.0.1', ready)
  })
  const listening = server.address()
  const port = typeof listening === 'object' && listening ? listening.port : 0
  return {
    address: `http://127.0.0.1:${port}${base}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    }
  }
}
