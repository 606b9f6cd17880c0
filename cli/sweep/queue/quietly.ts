import { codeOf, reasonOf } from '../../../node/reason'
import type { Terminal } from '../../terminal/terminal'

/** Milliseconds between two times that the same is told. */
const pause = 60_000

/** Hears the errors of a connection, which comes back by itself, and tells each kind of them now and then. */
export function quietly(name: string, terminal: Pick<Terminal, 'tell'>): (error: unknown) => void {
  const toldAt = new Map<string, number>()
  return (error) => {
    const text = codeOf(error) ?? reasonOf(error)
    const now = performance.now()
    if (now - (toldAt.get(text) ?? Number.NEGATIVE_INFINITY) < pause) return
    toldAt.set(text, now)
    terminal.tell(`the queue at ${name}: ${text}; trying again\n`)
  }
}
