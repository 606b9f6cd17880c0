// A static server for the built app on 127.0.0.1. Run directly: node scripts/serve.mjs [--port N] [FOLDER]
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { root } from './command.mjs'
import { fileWithin, mimeType, pageHeaders } from './static-files.mjs'

/** The built page. */
export const builtPage = join(root, 'out', 'renderer')

/**
 * Serves a folder until it is closed.
 *
 * @param {{ folder?: string, port?: number, respond?: typeof answer }} [options] port 0, the default, takes any free
 *   one; `respond` answers in place of `answer`
 * @returns {Promise<{ url: string, close: () => void }>}
 * @throws {NodeJS.ErrnoException} EADDRINUSE if the port is taken
 */
export async function serve({ folder = builtPage, port = 0, respond = answer } = {}) {
  const server = createServer((request, response) => {
    respond(folder, request, response).catch((error) => response.destroy(error))
  })
  await new Promise((ready, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => ready(undefined))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected the server to listen on a port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () => {
      server.close()
      server.closeAllConnections()
    }
  }
}

/**
 * Answers a request for a file of a folder.
 *
 * @param {string} folder
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
export async function answer(folder, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405)
  const pathname = (request.url ?? '/').split('?', 1)[0] ?? '/'
  const file = fileWithin(folder, pathname)
  if (file === undefined) return refuse(response, 403)
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) return refuse(response, 404)
  const headers = {
    ...pageHeaders,
    // The names of the bundles change with what is in them.
    'Cache-Control': pathname.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
    ETag: `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`
  }
  if (request.headers['if-none-match'] === headers.ETag) return void response.writeHead(304, headers).end()
  response.writeHead(200, { ...headers, 'Content-Type': mimeType(file), 'Content-Length': found.size })
  if (request.method === 'HEAD') return void response.end()
  // The callback is required and has nothing to do: a reader that leaves early is no error of the server's.
  pipeline(createReadStream(file), response, () => {})
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 */
function refuse(response, status) {
  response.writeHead(status, pageHeaders).end()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({ options: { port: { type: 'string' } }, allowPositionals: true })
  const folder = positionals[0] === undefined ? builtPage : resolve(positionals[0])
  const { url } = await serve({ folder, port: Number(values.port ?? 0) })
  console.log(url)
}
