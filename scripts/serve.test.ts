import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string
let address: string
let stop: () => void

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moescope-'))
  await writeFile(join(folder, 'index.html'), '<!doctype html>')
  await writeFile(join(folder, 'engine.wasm'), Uint8Array.of(0, 97, 115, 109))
  const server = spawn(process.execPath, [resolve('scripts/serve.mjs'), folder])
  stop = () => server.kill()
  address = await new Promise((ready, failed) => {
    server.stdout.once('data', (line: Buffer) => ready(line.toString().trim()))
    server.once('exit', (status) => failed(new Error(`the server ended with ${status}`)))
  })
})

afterAll(async () => {
  stop()
  await rm(folder, { recursive: true })
})

test('the page comes isolated', async () => {
  const response = await fetch(address)
  expect(await response.text()).toBe('<!doctype html>')
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': expect.stringMatching(/^default-src 'none'; /)
  })
})

test('a file is sent again only once it has changed', async () => {
  const url = new URL('engine.wasm', address)
  const first = await fetch(url)
  expect(first.headers.get('content-type')).toBe('application/wasm')
  const etag = first.headers.get('etag') ?? ''
  expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(304)
  await writeFile(join(folder, 'engine.wasm'), Uint8Array.of(0, 97, 115, 109, 1))
  const changed = await fetch(url, { headers: { 'If-None-Match': etag } })
  expect([changed.status, (await changed.arrayBuffer()).byteLength]).toEqual([200, 5])
})

test.each([
  ['GET', '/missing.js', 404],
  ['GET', '/../../etc/passwd', 403],
  ['GET', '/%2e%2e/%2e%2e/etc/passwd', 403],
  ['GET', '/..%2f..%2fetc%2fpasswd', 403],
  ['GET', '/%', 403],
  ['POST', '/', 405],
  ['HEAD', '/?x=1', 200]
])('%s %s is answered with %i', async (method, path, status) => {
  const { port } = new URL(address)
  // Not fetch: it would resolve the dots before it asks.
  const answered = await new Promise((done, failed) => {
    const asked = request({ host: '127.0.0.1', port, method, path }, (response) => {
      response.resume()
      done(response.statusCode)
    })
    asked.once('error', failed).end()
  })
  expect(answered).toBe(status)
})
