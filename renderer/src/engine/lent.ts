import { type ProxyMethods, releaseProxy } from 'comlink'

/**
 * Works with a function that the screen lent. When the work has ended, in whatever way, the screen has heard every call
 * of it: calls and the work's answer take different channels, and a late report of progress would follow the result.
 * Then it is given back: until then the screen keeps a channel open for it.
 */
export async function withLent<Given extends unknown[], Answer, Result>(
  lent: (...given: Given) => Answer,
  work: (lent: (...given: Given) => Answer) => Promise<Result>
): Promise<Result> {
  // What a call answered, or what went wrong in it, is the work's matter, and not kept.
  let heard: Promise<undefined> = Promise.resolve(undefined)
  const calling = (...given: Given): Answer => {
    const answer = lent(...given)
    heard = Promise.allSettled([heard, answer]).then(() => undefined)
    return answer
  }
  try {
    return await work(calling)
  } finally {
    await heard
    giveBack(lent)
  }
}

/** Closes the channel of a function that the screen lent; one that lives here has none. */
export function giveBack(lent: object): void {
  const { [releaseProxy]: release } = lent as Partial<ProxyMethods>
  release?.()
}
