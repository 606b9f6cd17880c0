/** The queue that the page looks at, by the id that the page knows it by. User and password stay in this process. */
import { randomUUID } from 'node:crypto'
import { type QueuePlace, queueExample, queuePlace } from '../node/queue/place'
import { type WatchedQueue, watchQueue } from '../node/queue/watch'
import type { QueueStateEntry, WatchedQueueEntry, WatchQueueRequest } from './channels'

export interface Queues {
  /**
   * Looks at the queue of a sweep from now on, and no longer at the one before; null where `isAllowed`, which is asked with
   * its address, says no. Rejects for another address, and when no server answers, or it refuses.
   */
  watch(request: WatchQueueRequest, isAllowed: (name: string) => Promise<boolean>): Promise<WatchedQueueEntry | null>
  /** Rejects for a queue that is not looked at any more, and while the server does not answer. */
  state(id: string): Promise<QueueStateEntry>
  leave(id: string): Promise<void>
}

export function createQueues(): Queues {
  let watched: { readonly id: string; readonly queue: WatchedQueue } | undefined

  async function leave(id: string): Promise<void> {
    if (watched?.id !== id) return
    const { queue } = watched
    watched = undefined
    await queue.close()
  }

  return {
    watch: async ({ sweep, url, password }, isAllowed) => {
      const place = placeOf(url, password)
      if (!(await isAllowed(place.name))) return null
      const queue = await watchQueue(place, sweep)
      if (watched) await leave(watched.id)
      const id = randomUUID()
      watched = { id, queue }
      return { id, name: place.name }
    },
    state: async (id) => {
      if (watched?.id !== id) throw new Error('that queue is not looked at any more; connect to it again')
      return watched.queue.state()
    },
    leave
  }
}

function placeOf(text: string, password: string): QueuePlace {
  const place = queuePlace(text.trim())
  if (!place) throw new Error(`the address of the queue: expected a URL such as ${queueExample}`)
  if (password !== '') place.url.password = encodeURIComponent(password)
  return place
}
