/** Ten thousand requests of a page that has gone bad: main answers or refuses, and touches nothing outside its folders. */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve, sep } from 'node:path'
import type { BrowserWindow, IpcMainInvokeEvent } from 'electron'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WriteError } from '../node/write-error'
import { createAnswers } from './answers'
import { type ChosenFolderEntry, channels, type OpenedFileEntry } from './channels'
import { createInbox } from './files/inbox'
import { answerPage } from './ipc'
import { serveFolder } from './protocol'
import { createServices, type Services } from './services'
import { menuTemplate } from './windows/menu'

type Name = keyof typeof channels
type Choice = 'cancel' | 'file' | 'folder' | 'nothing there'
type Handler = (event: IpcMainInvokeEvent, request: unknown) => Promise<unknown>

const secret = 'the secret that no answer may hold'
const table = new Map<string, Handler>()
/** Answer of the next dialog. */
let choice: Choice = 'cancel'
let root: string
let services: Services
let opened: OpenedFileEntry
/** The folder in which that file lies. */
let folder: ChosenFolderEntry

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'moescope-'))
  for (const path of ['secret.txt', 'beside/config.json', 'user/Local Storage/secret.txt', 'app-x/index.html']) {
    await mkdir(resolve(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), secret)
  }
  for (const path of ['chosen/opened.json', 'app/index.html', 'app/models/index.json']) {
    await mkdir(resolve(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), 'public')
  }
  const system = { addRecentDocument: () => undefined, clearRecentDocuments: () => undefined }
  services = createServices({ folder: join(root, 'user'), problem: null }, { app: '0.0.0' }, system)
  opened = await services.files.open(join(root, 'chosen', 'opened.json'))
  folder = services.chosenFolders.open(join(root, 'chosen'))
  const window = { setFullScreen: () => undefined, isFullScreen: () => false } as unknown as BrowserWindow
  const screen = {
    inbox: createInbox<BrowserWindow>(
      () => window,
      () => undefined
    ),
    dialog: {
      showOpenDialog: async () => ({ canceled: choice === 'cancel', filePaths: [chosenPath()] }),
      // As a user does who takes what is proposed.
      showSaveDialog: async (_window: unknown, options?: { defaultPath?: string }) => ({
        canceled: choice === 'cancel',
        filePath: choice === 'file' ? resolve(root, 'chosen', options?.defaultPath ?? '') : chosenPath()
      }),
      // No queue is connected to without the user.
      showMessageBox: async () => ({ response: 1, checkboxChecked: false })
    },
    copyText: async () => undefined,
    setMenu: (_window: unknown, menu: Parameters<typeof menuTemplate>[0]) =>
      void menuTemplate(menu, { platform: 'linux', packaged: true }, () => undefined),
    setTheme: () => undefined,
    openBeside: async () => undefined
  }
  answerPage(
    {
      handle: (channel, handler) => void table.set(channel, handler),
      windowOf: (contents) => (contents ? window : null),
      origin: 'app://moescope',
      log: services.log.note
    },
    createAnswers(services, screen as unknown as Parameters<typeof createAnswers>[1])
  )
})

afterAll(() => rm(root, { recursive: true }))

const kind = { description: 'Run record', extensions: ['json'] }
const bytes = Uint8Array.of(1, 2, 3)

/** One request of each channel that fits. */
function fitting(name: Name): unknown {
  const requests: Partial<Record<Name, unknown>> = {
    copyText: { text: 'text' },
    openWindow: { fragment: 'prompt=a' },
    setMenu: {
      sections: [{ label: 'Run', groups: [[{ command: 'run', label: 'Run', accelerator: 'R', enabled: true }]] }]
    },
    setTheme: { theme: 'dark' },
    openFile: { kind },
    readFile: { id: opened.id, start: 0, end: 6 },
    saveFile: { name: 'run.json', kind, content: bytes },
    openedFolderFiles: { id: folder.id },
    openedFolderFile: { id: folder.id, path: 'opened.json' },
    readOpenedFolderFile: { id: folder.id, path: 'opened.json', start: 0, end: 6 },
    watchQueue: { sweep: opened.id, url: 'redis://127.0.0.1:1', password: '' },
    queueState: { id: opened.id },
    leaveQueue: { id: opened.id },
    openRecent: { id: opened.id },
    recall: { name: 'settings' },
    store: { name: 'state', value: { a: [1, 'b', null] } },
    setAside: { name: 'state' },
    folders: { place: 'runs' },
    folderFiles: { place: 'models', id: 'moe' },
    readFolderFile: { place: 'models', id: 'moe', name: 'config.json' },
    writeFolderFile: { place: 'runs', id: 'moe', name: 'checkpoints/step-1/model.safetensors', content: bytes },
    removeFolderFile: { place: 'models', id: 'moe', name: 'run.safetensors' },
    removeFolder: { place: 'models', id: 'moe' },
    reportCrash: { where: 'chart', message: 'broke', stack: 'at chart' }
  }
  return requests[name]
}

const paths =
  '.. . ../secret.txt ../../secret.txt ..\\\\secret.txt /secret.txt ../beside a/../../../secret.txt con'.split(' ')
const names = [
  '__proto__',
  'constructor',
  'toString',
  '',
  '\0',
  'secret.txt\0.json',
  'x'.repeat(300),
  '\u202e',
  'C:\\secret.txt'
]
const numbers = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 1e308, 2 ** 53, 2 ** 63, -0, 64 * 1024 * 1024 + 6]
const objects = [
  [],
  {},
  [[]],
  { valueOf: null },
  { length: 1e9 },
  JSON.parse('{"__proto__": {"polluted": 1}}'),
  circle()
]
const rest = [null, undefined, true, 10n, bytes, new Uint8Array(9), new ArrayBuffer(4), new Date(0), new Map()]

const bad = fc.oneof(
  fc.constantFrom<unknown>(...paths, ...names, ...numbers, ...objects, ...rest),
  fc.anything({ withBigInt: true, withTypedArray: true, withMap: true, withDate: true, withNullPrototype: true }),
  fc.string().map((text) => `../${text}`),
  fc.integer()
)

const page = { url: 'app://moescope/index.html', parent: null }

const request = fc.record({
  name: fc.constantFrom(...(Object.keys(channels) as Name[])),
  /** Place and value of a change to the fitting request; none leaves it as it is. */
  changes: fc.array(fc.tuple(fc.nat({ max: 30 }), bad), { maxLength: 2 }),
  extraKey: seldom(fc.constantFrom('__proto__', 'path', 'constructor', 'folder')),
  stranger: seldom(
    fc.constantFrom<object>(
      { senderFrame: null },
      { senderFrame: { ...page, url: 'https://example.org/' } },
      { senderFrame: { ...page, url: 'app://moescope.example.org/index.html' } },
      { senderFrame: { ...page, parent: {} } },
      { sender: null }
    )
  ),
  next: fc.constantFrom<Choice>('cancel', 'file', 'folder', 'nothing there')
})

test('no request of the page makes main fail, tell a secret or touch a file that is not its own', async () => {
  const before = await contentOutside()
  let answered = 0
  let refused = 0
  const property = fc.asyncProperty(request, async ({ name, changes, extraKey, stranger, next }) => {
    choice = next
    let payload = structuredClone(fitting(name))
    for (const [at, value] of changes) payload = changed(payload, at, value)
    if (extraKey !== null && typeof payload === 'object' && payload !== null) {
      Object.defineProperty(payload, extraKey, { value: '../secret.txt', enumerable: true, configurable: true })
    }
    const event = { sender: {}, senderFrame: page, ...stranger } as unknown as IpcMainInvokeEvent
    try {
      const answer = await table.get(channels[name])?.(event, payload)
      expect(stranger).toBeNull()
      expect(textOf(answer)).not.toContain(secret)
      answered++
    } catch (error) {
      expectSentence(error)
      refused++
    }
  })
  await fc.assert(property, { numRuns: 8000 })
  expect(answered).toBeGreaterThan(1000)
  expect(refused).toBeGreaterThan(1000)
  await services.turns.settled()
  expect(await contentOutside()).toEqual(before)
  expect(Object.keys(Object.prototype)).toEqual([])
  expect('polluted' in {}).toBe(false)
})

test('no address of the app leads out of its folder', async () => {
  const serve = serveFolder(join(root, 'app'))
  const step = fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2E.',
    '/',
    '//',
    '%2f',
    '%5c',
    '\\',
    'index.html',
    'models',
    'secret.txt',
    'app-x',
    '%00',
    '%',
    'x'.repeat(300)
  )
  const path = fc.oneof(
    fc.array(step, { maxLength: 12 }).map((steps) => steps.join('')),
    fc.webPath(),
    fc.string()
  )
  const host = fc.constantFrom(
    'moescope',
    'moescope',
    'moescope',
    'other',
    'moescope.',
    'MOESCOPE',
    'x@moescope',
    'moescope:1'
  )
  const statuses = new Map<number, number>()
  const property = fc.asyncProperty(host, path, async (host, pathname) => {
    const url = `app://${host}/${pathname}`
    if (!URL.canParse(url) || new URL(url).username !== '') return
    const response = await serve(new Request(url))
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
    expect(await response.text()).toBe(response.status === 200 ? 'public' : '')
  })
  await fc.assert(property, { numRuns: 2000 })
  expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 403, 404])
})

/** Null seven times of eight. */
function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
}

function chosenPath(): string {
  return join(root, 'chosen', choice === 'file' ? 'opened.json' : choice === 'folder' ? '' : 'nothing')
}

/** The value with the part at one of its places, counted round, replaced. */
function changed(value: unknown, at: number, part: unknown): unknown {
  const places = placesOf(value)
  const place = places[at % places.length]
  if (!place) return part
  Object.defineProperty(place.owner, place.key, { value: part, enumerable: true, configurable: true, writable: true })
  return value
}

/** Every place in a value where a part is; undefined for the whole. */
function placesOf(value: unknown, seen = new Set<unknown>()): ({ owner: object; key: string } | undefined)[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return [undefined]
  seen.add(value)
  const inner = Object.entries(value).flatMap(([key, part]) => [
    { owner: value, key },
    ...placesOf(part, seen).slice(1)
  ])
  return [undefined, ...inner]
}

function circle(): unknown {
  const value: Record<string, unknown> = {}
  value.value = value
  return value
}

function expectSentence(error: unknown): void {
  if (!(error instanceof Error)) throw new TypeError(`expected an Error, found ${String(error)}`)
  // Not a TypeError or RangeError, which would be a fault of main's.
  expect([Error, WriteError]).toContain(error.constructor)
  expect(error.message).toMatch(/\S \S.* \S/)
  expect(error.message).not.toContain(secret)
}

function textOf(answer: unknown): string {
  if (answer instanceof Uint8Array) return new TextDecoder().decode(answer)
  return JSON.stringify(answer) ?? ''
}

/** Hashes of all files that main has no business with, by path. */
async function contentOutside(): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = entries.filter((each) => each.isFile()).map((each) => relative(root, join(each.parentPath, each.name)))
  const ours = /^(chosen[/\\].*|user[/\\]((models|runs)[/\\]\w[\w-]*[/\\](\w[\w-]*[/\\]){0,3})?[^/\\]*)$/
  const outside = paths.filter((path) => !ours.test(path)).toSorted()
  const hashes = outside.map(async (path) => {
    const hash = createHash('sha256')
      .update(await readFile(join(root, path)))
      .digest('hex')
    return [path.replaceAll(sep, '/'), hash] as const
  })
  return new Map(await Promise.all(hashes))
}
