/** Chromium's DevTools protocol over a pipe: commands and events of the browser and of its pages. */
import { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { CDPSession } from 'playwright-core'

/** One end of the protocol: the browser as a whole, or one page. Its types are Playwright's. */
export interface Session {
  readonly send: CDPSession['send']
  readonly on: CDPSession['on']
}

/** The protocol of one browser. */
export interface DevTools {
  readonly browser: Session
  /** The session of a page or another target, by the id that the browser gave to the session. */
  session(id: string): Session
}

interface Message {
  readonly id?: number
  readonly sessionId?: string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

interface Waiting {
  readonly sessionId: string | undefined
  readonly done: (result: unknown) => void
  readonly failed: (error: Error) => void
}

/** Speaks over the two ends of a pipe; messages end with a zero byte. */
export function openDevTools(from: Readable, to: Writable): DevTools {
  const waiting = new Map<number, Waiting>()
  const sessions = new Map<string | undefined, { session: Session; emitter: EventEmitter }>()
  let sent = 0

  let parts: string[] = []
  from.setEncoding('utf8')
  from.on('data', (text: string) => {
    const [first = '', ...others] = text.split('\0')
    parts.push(first)
    for (const other of others) {
      receive(JSON.parse(parts.join('')) as Message)
      parts = [other]
    }
  })
  from.on('close', () => abandon(() => true, 'the browser ended'))
  // A message to a browser that has ended fails by the line above.
  to.on('error', () => {})

  return { browser: open(undefined).session, session: (id) => open(id).session }

  function open(sessionId: string | undefined) {
    const known = sessions.get(sessionId)
    if (known) return known
    const emitter = new EventEmitter()
    const send = (method: string, params: object = {}) =>
      new Promise<unknown>((done, failed) => {
        const id = ++sent
        waiting.set(id, { sessionId, done, failed })
        to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
      })
    // Commands and events are what Playwright's types say that Chromium understands.
    const session = { send, on: emitter.on.bind(emitter) } as unknown as Session
    sessions.set(sessionId, { session, emitter })
    return { session, emitter }
  }

  function receive({ id, sessionId, method, params, result, error }: Message): void {
    if (id === undefined) {
      if (method === undefined) return
      sessions.get(sessionId)?.emitter.emit(method, params)
      if (method === 'Target.detachedFromTarget') leave((params as { sessionId: string }).sessionId)
      return
    }
    const call = waiting.get(id)
    waiting.delete(id)
    if (error) call?.failed(new Error(error.message))
    else call?.done(result)
  }

  function leave(sessionId: string): void {
    // A page that closes by itself does not tell it on its own session.
    sessions.get(sessionId)?.emitter.emit('Inspector.detached', { reason: 'target_closed' })
    sessions.delete(sessionId)
    abandon((call) => call.sessionId === sessionId, 'the page is gone')
  }

  function abandon(which: (call: Waiting) => boolean, why: string): void {
    for (const [id, call] of waiting) {
      if (!which(call)) continue
      waiting.delete(id)
      call.failed(new Error(why))
    }
  }
}
