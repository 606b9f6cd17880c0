/** The world of the preload script: it alone has ipcRenderer, and can require nothing but electron. */
import type { ContextBridge, IpcRenderer } from 'electron'
import { modelled } from '../modelled'
import type { FromPage, ToPage } from '../page-messages'
import { createJoiner, piecesOf } from '../pieces'
import { decode, encode } from '../structured'
import { pageBase64 } from './base64'
import { createMarks } from './marks'
import { hear, type Outcome, type ToIsolated, tell } from './worlds'

declare global {
  /** Given by the browser to this world: a piece of text to the main process. */
  var electronDoubleSend: (piece: string) => void
  /** Called by the main process, with a piece of text. */
  var electronDoubleReceive: (piece: string) => void
}

type Preload = (require: (name: string) => unknown, module: object, exports: object) => void
type Listener = Parameters<IpcRenderer['on']>[1]

/**
 * Runs the preload script.
 *
 * @param secret the beginning of the names of the events between the worlds
 */
export function preloadWorld(secret: string, preload: Preload): void {
  // Electron runs it in the window's own frame only.
  if (window.parent !== window) return
  const electron = { contextBridge: createBridge(secret), ipcRenderer: createIpcRenderer() }
  const module = { exports: {} }
  preload(
    (name) => {
      if (name === 'electron') return modelled("require('electron') of a preload script", electron)
      throw new Error(`module not found: ${name}`)
    },
    module,
    module.exports
  )
}

function createBridge(secret: string): ContextBridge {
  const marks = createMarks((id, args) => tell(`${secret}-main`, { callback: id, args: marks.mark(args) }))
  hear(`${secret}-call`, ({ call, function: id, args }: ToIsolated) => {
    const reply = (outcome: Outcome) => tell(`${secret}-main`, { reply: call, outcome })
    try {
      const value = marks.functionOf(id)(...(marks.unmark(args) as unknown[]))
      if (!(value instanceof Promise)) return reply({ value: marks.mark(value) })
      reply({ later: true })
      value.then(
        (value) => reply({ value: marks.mark(value) }),
        (error) => reply({ error: messageOf(error) })
      )
    } catch (error) {
      reply({ error: messageOf(error) })
    }
  })
  return modelled<ContextBridge>('contextBridge', {
    exposeInMainWorld: (key, api) => tell(`${secret}-main`, { expose: key, value: marks.mark(api) })
  })
}

function createIpcRenderer(): IpcRenderer {
  const waiting = new Map<number, (answer: { value: unknown } | { error: string }) => void>()
  const listeners = new Map<string, Listener[]>()
  let calls = 0
  const send = (message: FromPage) => {
    for (const piece of piecesOf(encode(message, pageBase64))) globalThis.electronDoubleSend(piece)
  }
  const join = createJoiner()
  globalThis.electronDoubleReceive = (piece) => {
    const text = join(piece)
    if (text === undefined) return
    const message = decode(text, pageBase64) as ToPage
    if ('channel' in message) {
      const event = modelled<Electron.IpcRendererEvent>('IpcRendererEvent', {})
      for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args)
    } else {
      waiting.get(message.answer)?.(message)
      waiting.delete(message.answer)
    }
  }
  const ipcRenderer: IpcRenderer = modelled<IpcRenderer>('ipcRenderer', {
    invoke: (channel, ...args) => {
      const id = ++calls
      send({ invoke: id, channel, args })
      return new Promise((done, failed) => {
        waiting.set(id, (answer) => ('error' in answer ? failed(new Error(answer.error)) : done(answer.value)))
      })
    },
    on: (channel, listener) => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      return ipcRenderer
    },
    removeListener: (channel, listener) => {
      const others = (listeners.get(channel) ?? []).filter((each) => each !== listener)
      listeners.set(channel, others)
      return ipcRenderer
    }
  })
  return ipcRenderer
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
