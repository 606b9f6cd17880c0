import type { IpcMainInvokeEvent, WebContents } from 'electron'
import { expect, test } from 'vitest'
import { channels } from './channels'
import { type Answers, answerPage } from './ipc'

type Handler = (event: IpcMainInvokeEvent, request?: unknown) => Promise<unknown>

/** The table with answers that only say what they were asked. */
function answering() {
  const table = new Map<string, Handler>()
  const noted: string[] = []
  const names = Object.keys(channels)
  const answers = Object.fromEntries(
    names.map((name) => [name, (request: unknown, window: unknown) => ({ name, request, window })])
  )
  answerPage<string>(
    {
      handle: (channel, handler) => void table.set(channel, handler),
      windowOf: (contents) => (contents === ours ? 'window' : null),
      origin: 'app://moescope',
      log: (where, message) => noted.push(`${where}: ${message}`)
    },
    answers as unknown as Answers<string>
  )
  const ask = async (channel: string, request: unknown, event: Partial<IpcMainInvokeEvent> = {}) =>
    await table.get(channel)?.({ sender: ours, senderFrame: frame(page), ...event } as IpcMainInvokeEvent, request)
  return { table, noted, ask }
}

const ours = {} as WebContents
const page = 'app://moescope/index.html'
const frame = (url: string, parent: unknown = null) => ({ url, parent }) as IpcMainInvokeEvent['senderFrame']

test('every channel of the contract is answered, and no other', () => {
  expect([...answering().table.keys()].sort()).toEqual(Object.values(channels).sort())
})

test('a request that fits is answered for the window that asked', async () => {
  const { ask, noted } = answering()
  const request = { name: 'settings', value: { a: [1, null] } }
  expect(await ask(channels.store, request)).toEqual({ name: 'store', request, window: 'window' })
  expect(await ask(channels.versions, undefined)).toMatchObject({ name: 'versions' })
  expect(noted).toEqual([])
})

test.each([
  ['another page', { senderFrame: frame('https://example.org/') }],
  ['another host of our scheme', { senderFrame: frame('app://other/index.html') }],
  ['a frame within the page', { senderFrame: frame(page, {}) }],
  ['a frame that is gone', { senderFrame: null }],
  ['contents of no window of ours', { sender: {} as WebContents }]
])('%s is refused, and that is noted', async (_name, event) => {
  const { ask, noted } = answering()
  await expect(ask(channels.copyText, { text: 'x' }, event)).rejects.toThrow(
    "app:copy-text: refused, because it was not asked by the app's own page"
  )
  expect(noted).toEqual([expect.stringMatching(/^ipc: app:copy-text: refused/)])
})

test.each([
  [channels.versions, 'nothing was expected', /app:versions: the request does not fit: ./],
  [channels.store, { name: '../settings', value: 1 }, /document:store: the request does not fit: name: ./],
  [channels.store, { name: 'settings', value: { n: Number.NaN } }, /document:store: .*value/],
  [channels.recall, { name: 'settings', extra: 1 }, /document:recall: the request does not fit: .*extra/],
  [
    channels.writeFolderFile,
    { place: 'runs', id: 'a/../b', name: 'config.json', content: new Uint8Array() },
    /folder:write: .*id: /
  ]
])('%s does not take what does not fit', async (channel, request, message) => {
  const { ask, noted } = answering()
  await expect(ask(channel, request)).rejects.toThrow(message)
  expect(noted).toHaveLength(1)
})
