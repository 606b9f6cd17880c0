import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { modelled } from './modelled'
import { modelledEmitter } from './modelled-emitter'
import type { FromPage, ToPage } from './page-messages'
import { wordsOf } from './problems'

type Handler = Parameters<IpcMain['handle']>[1]
type Sender = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>

const handlers = new Map<string, Handler>()

/** Electron's module `ipcMain`, for calls that are answered: it knows no messages of one way. */
export const ipcMain = modelledEmitter<IpcMain>('ipcMain', [], {
  handle: (channel, handler) => {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, handler)
  },
  removeHandler: (channel) => void handlers.delete(channel)
})

/** The main process's answer to a page. */
export async function receive(message: FromPage, sender: Sender): Promise<ToPage> {
  const answer = message.invoke
  try {
    const handler = handlers.get(message.channel)
    if (!handler) throw new Error(`No handler registered for '${message.channel}'`)
    const event = modelled<IpcMainInvokeEvent>('IpcMainInvokeEvent', { ...sender, type: 'frame' })
    const value: unknown = await handler(event, ...message.args)
    return { answer, value }
  } catch (error) {
    process.stderr.write(`Error occurred in handler for '${message.channel}': ${wordsOf(error)}\n`)
    return { answer, error: `Error invoking remote method '${message.channel}': ${String(error)}` }
  }
}
