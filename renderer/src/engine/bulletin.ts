/** News of a run, several at once: the page draws anew after each call, which took a third of a small training's time. */
import type { RunNews } from './run-protocol'

export interface Bulletin {
  /** Sent at once if nothing was for a while, or else with what follows soon. */
  add(news: RunNews): void
  /** Sends what waits. */
  send(): void
}

/** @param milliseconds between two calls of `send` */
export function createBulletin(send: (news: readonly RunNews[]) => void, milliseconds: number): Bulletin {
  let waiting: RunNews[] = []
  let sentAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  const sendAll = () => {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0) return
    send(waiting)
    waiting = []
    sentAt = performance.now()
  }
  return {
    add: (news) => {
      // Of progress the last is enough.
      if (news.kind === 'progress') waiting = waiting.filter(({ kind }) => kind !== 'progress')
      waiting.push(news)
      const left = sentAt + milliseconds - performance.now()
      if (left <= 0) sendAll()
      else timer ??= setTimeout(sendAll, left)
    },
    send: sendAll
  }
}
