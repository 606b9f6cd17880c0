/** The two worlds of a page, as in Electron. They share its document only, and speak by events on it. */
import { createMarks, frozen } from './marks'

/** A message of the isolated world to the main one. */
export type ToMain =
  | { readonly expose: string; readonly value: unknown }
  | { readonly callback: number; readonly args: unknown }
  | { readonly reply: number; readonly outcome: Outcome }

/** A message of the main world to the isolated one. */
export interface ToIsolated {
  readonly call: number
  readonly function: number
  readonly args: unknown
}

/** The end of a call; `later` is a promise, of which another reply tells the end. */
export type Outcome = { readonly value: unknown } | { readonly error: string } | { readonly later: true }

/** Speaks to the other world; the name is a secret of this page, so that its own scripts do not overhear it. */
export function tell(name: string, detail: ToMain | ToIsolated): void {
  document.dispatchEvent(new CustomEvent(name, { detail }))
}

/** Listens to the other world; what it says under a name is always of one kind. */
export function hear(name: string, act: (message: never) => void): void {
  document.addEventListener(name, (event) => act((event as CustomEvent<never>).detail))
}

/**
 * The page's own world: defines what the preload script exposes, and nothing else.
 *
 * @param secret the beginning of the names of the events
 */
export function mainWorld(secret: string): void {
  if (window.parent !== window) return
  const outcomes = new Map<number, Outcome>()
  const waiting = new Map<number, (outcome: Outcome) => void>()
  let calls = 0
  const marks = createMarks((id, args) => {
    const call = ++calls
    tell(`${secret}-call`, { call, function: id, args: marks.mark(args) })
    const outcome = outcomes.get(call)
    outcomes.delete(call)
    if (outcome === undefined) throw new Error('the isolated world did not answer')
    if (!('later' in outcome)) return settle(outcome)
    return new Promise((done, failed) => {
      waiting.set(call, (last) => {
        try {
          done(settle(last))
        } catch (error) {
          failed(error)
        }
      })
    })
  })
  hear(`${secret}-main`, (message: ToMain) => {
    if ('expose' in message) {
      // Neither writable nor configurable.
      Object.defineProperty(window, message.expose, { value: frozen(marks.unmark(message.value)), enumerable: true })
    } else if ('callback' in message) {
      marks.functionOf(message.callback)(...(marks.unmark(message.args) as unknown[]))
    } else {
      const settleLater = waiting.get(message.reply)
      waiting.delete(message.reply)
      if (settleLater) settleLater(message.outcome)
      else outcomes.set(message.reply, message.outcome)
    }
  })

  function settle(outcome: Outcome): unknown {
    if ('error' in outcome) throw new Error(outcome.error)
    return 'value' in outcome ? marks.unmark(outcome.value) : undefined
  }
}
