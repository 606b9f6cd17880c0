import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contentPolicy, fileWithin } from '../scripts/static-files.mjs'
import { appOrigin, isAppUrl, serveFolder } from './protocol'

const folder = resolve('/srv/app')

function isInside(file: string): boolean {
  const path = relative(folder, file)
  return path !== '' && path.split(sep)[0] !== '..' && !isAbsolute(path)
}

const step = fc.constantFrom('..', '.', '%2e%2e', '%2E.', '/', '//', '%2f', '%5c', '\\', 'a', 'C:', '%00', '%', 'app-x')

test('no path leads out of the folder', () => {
  const path = fc.oneof(
    fc.string(),
    fc.webPath(),
    fc.array(step, { maxLength: 12 }).map((steps) => steps.join(''))
  )
  fc.assert(
    fc.property(path, (pathname) => {
      const file = fileWithin(folder, `/${pathname}`)
      expect(file === undefined || isInside(file)).toBe(true)
    }),
    { numRuns: 2000 }
  )
})

test('a percent-encoded name is the file of that name', () => {
  const name = fc
    .string({ minLength: 1, unit: 'binary' })
    .filter((text) => !/^\.{1,2}$|[/\\\0]/.test(text) && isWellFormed(text))
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
      expect(fileWithin(folder, `/${names.map(encodeURIComponent).join('/')}`)).toBe(join(folder, ...names))
    })
  )
})

test.each([
  ['/../secret', undefined],
  ['/%2e%2e/secret', undefined],
  ['/..%2f..%2fetc/passwd', undefined],
  ['/../app-x/file', undefined],
  ['/..', undefined],
  ['/%00', undefined],
  ['/%', undefined],
  ['/', join(folder, 'index.html')],
  ['/models/', join(folder, 'models', 'index.html')],
  ['/a/../b.js', join(folder, 'b.js')]
])('%s is %s', (pathname, file) => {
  expect(fileWithin(folder, pathname)).toBe(file)
})

test.each([
  ['app://moescope/index.html', true],
  ['app://moescope/', true],
  ['app://other/index.html', false],
  ['app://moescope.evil/', false],
  ['https://moescope/index.html', false],
  ['file:///index.html', false],
  ['about:blank', false],
  ['', false]
])('%s is the app: %s', (url, expected) => {
  expect(isAppUrl(url, appOrigin)).toBe(expected)
})

let served: string

beforeAll(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'moescope-'))
  served = join(parent, 'app')
  await mkdir(join(served, 'models'), { recursive: true })
  await writeFile(join(parent, 'secret.txt'), 'secret')
  await writeFile(join(served, 'index.html'), '<!doctype html>')
  await writeFile(join(served, 'models', 'model.safetensors'), Uint8Array.of(1, 2, 255))
})

afterAll(() => rm(resolve(served, '..'), { recursive: true }))

test('files come isolated and with their content type', async () => {
  const page = await serveFolder(served)(new Request('app://moescope/'))
  expect(await page.text()).toBe('<!doctype html>')
  expect(Object.fromEntries(page.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': contentPolicy,
    'x-content-type-options': 'nosniff'
  })
  const model = await serveFolder(served)(new Request('app://moescope/models/model.safetensors'))
  expect(model.headers.get('content-type')).toBe('application/octet-stream')
  expect(new Uint8Array(await model.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 255))
})

test.each([
  ['app://moescope/missing.js', 404],
  ['app://moescope/models', 404],
  ['app://moescope/index.html/x', 404],
  [`app://moescope/${'x'.repeat(5000)}`, 404],
  ['app://moescope/..%2fsecret.txt', 403],
  ['app://other/index.html', 403]
])('%s is refused with %i', async (url, status) => {
  const response = await serveFolder(served)(new Request(url))
  expect(response.status).toBe(status)
  expect(await response.text()).toBe('')
})

/** Lone surrogates cannot be percent-encoded. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}
