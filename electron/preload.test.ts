import { beforeAll, expect, test, vi } from 'vitest'
import { channels, events, type MoescopeApi } from './channels'

const electron = vi.hoisted(() => ({
  exposed: new Map<string, unknown>(),
  asked: [] as unknown[][],
  answer: (): unknown => undefined,
  listeners: new Map<string, (event: unknown, ...args: unknown[]) => void>()
}))

vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (key: string, api: unknown) => electron.exposed.set(key, api) },
  ipcRenderer: {
    invoke: async (...asked: unknown[]) => {
      electron.asked.push(asked)
      return electron.answer()
    },
    on: (channel: string, listener: (event: unknown, ...args: unknown[]) => void) =>
      electron.listeners.set(channel, listener)
  }
}))

let api: MoescopeApi

beforeAll(async () => {
  await import('./preload')
  api = electron.exposed.get('moescope') as MoescopeApi
})

test('the page gets the contract and nothing of Electron', () => {
  expect([...electron.exposed.keys()]).toEqual(['moescope'])
  expect(Object.keys(api).sort()).toEqual([...Object.keys(channels), 'onFileOpened', 'onCommand'].sort())
  expect(Object.values(api).every((each) => typeof each === 'function')).toBe(true)
})

test.each(Object.keys(channels) as (keyof typeof channels)[])('%s asks its channel', async (name) => {
  electron.asked.length = 0
  electron.answer = () => 'answer'
  const call = api[name] as (request?: unknown) => Promise<unknown>
  expect(await call({ some: 'request' })).toBe('answer')
  const [asked] = electron.asked
  expect(asked?.[0]).toBe(channels[name])
  // Calls that take nothing send nothing.
  expect(asked?.slice(1)).toEqual(call.length === 0 ? [] : [{ some: 'request' }])
})

test('a refusal is a sentence', async () => {
  electron.answer = () => {
    throw new Error("Error invoking remote method 'file:open': Error: a.json cannot be opened")
  }
  await expect(api.clearRecent()).rejects.toThrow(/^a\.json cannot be opened$/)
})

test('listeners get what was sent, without the event that would lead to the main process', () => {
  const heard: unknown[][] = []
  api.onCommand((...args) => heard.push(args))
  api.onFileOpened((...args) => heard.push(args))
  const file = { id: '1', name: 'a', size: 1 }
  electron.listeners.get(events.command)?.({ sender: 'ipc' }, 'run')
  electron.listeners.get(events.fileOpened)?.({ sender: 'ipc' }, file)
  expect(heard).toEqual([['run'], [file]])
})
