import { type ProxyMethods, releaseProxy } from 'comlink'

/**
 * Works with a function that the screen lent, and gives it back when the work has ended in whatever way: until then the
 * screen keeps a channel open for it.
 */
export async function withLent<T>(lent: object, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    giveBack(lent)
  }
}

/** Closes the channel of a function that the screen lent; one that lives here has none. */
export function giveBack(lent: object): void {
  const { [releaseProxy]: release } = lent as Partial<ProxyMethods>
  release?.()
}
