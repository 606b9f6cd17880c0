import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { CustomScheme, Protocol } from 'electron'
import { type Addresses, addressesOf } from './addresses'
import { onlyBeforeReady, readyFor } from './life'
import { modelled } from './modelled'
import { complain, wordsOf } from './problems'

type Handler = Parameters<Protocol['handle']>[1]

let scheme: string | undefined
let handler: Handler | undefined

/** Electron's module `protocol`, for one scheme that is handled by the app itself. */
export const protocol = modelled<Protocol>('protocol', {
  registerSchemesAsPrivileged: (schemes) => {
    onlyBeforeReady('protocol.registerSchemesAsPrivileged')
    scheme = onlyScheme(schemes)
  },
  handle: (handled, answer) => {
    readyFor('protocol.handle')
    if (handled !== scheme) throw new Error(`the Electron double serves the one privileged scheme, not '${handled}'`)
    if (handler) throw new Error(`the protocol '${handled}' is already handled`)
    handler = answer
  }
})

/** The addresses of the app's scheme. */
export function addresses(): Addresses {
  return addressesOf(scheme ?? 'no-scheme')
}

/**
 * Serves the app's scheme for the browser.
 *
 * @returns the rule for its resolver of names that leads there
 */
export async function serveScheme(): Promise<string> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // Electron: net::ERR_UNEXPECTED.
      complain(`the handler of ${scheme}: failed for ${request.url}: ${wordsOf(error)}`)
      response.destroy()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  // The server alone does not keep the program running.
  server.unref()
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected the server to listen on a port')
  return `MAP *.localhost:80 127.0.0.1:${address.port}`
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!handler) throw new Error('it is not set')
  const { toApp } = addresses()
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, toApp(String(value)))
  }
  const { host = '', ...others } = Object.fromEntries(headers)
  const url = toApp(`http://${host}${request.url ?? '/'}`)
  const answered = await handler(new Request(url, { method: request.method ?? 'GET', headers: others }))
  const given = new Headers(answered.headers)
  if (headers.get('sec-fetch-dest') === 'document') given.append('Content-Security-Policy', withoutWindows)
  response.writeHead(answered.status, Object.fromEntries(given))
  if (answered.body === null || request.method === 'HEAD') return void response.end()
  await new Promise<void>((done) => {
    response.once('close', done)
    Readable.from(answered.body as AsyncIterable<Uint8Array>).pipe(response)
  })
}

/**
 * For documents: they open no windows, and `window.open` answers null at once, as in Electron where the app denies one.
 * Chromium by itself would open it, and it could only be closed again. What else a sandbox takes is given back.
 */
const withoutWindows =
  'sandbox allow-downloads allow-forms allow-modals allow-orientation-lock allow-pointer-lock allow-presentation ' +
  'allow-same-origin allow-scripts allow-storage-access-by-user-activation allow-top-navigation ' +
  'allow-top-navigation-to-custom-protocols'

/** The privileges that the double takes as given of the scheme: it behaves as http does. */
function onlyScheme(schemes: readonly CustomScheme[]): string {
  const [first, ...others] = schemes
  if (!first || others.length > 0) throw new Error(`the Electron double serves one scheme, found ${schemes.length}`)
  const { standard, secure, supportFetchAPI } = first.privileges ?? {}
  if (!standard || !secure || !supportFetchAPI) {
    throw new Error(
      `the Electron double serves a scheme that is standard, secure and can be fetched, not '${first.scheme}'`
    )
  }
  return first.scheme
}
