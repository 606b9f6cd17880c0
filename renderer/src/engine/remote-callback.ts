import { type ProxyMethods, releaseProxy } from 'comlink'

/**
 * Runs `work` with a callback that lives in the page. Resolves or rejects once the page has received every call of it:
 * calls and the answer of `work` take different channels, and late progress would arrive after the result. Then closes
 * the callback's channel.
 */
export async function withCallback<Arguments extends unknown[], Answer, Result>(
  callback: (...parameters: Arguments) => Answer,
  work: (callback: (...parameters: Arguments) => Answer) => Promise<Result>
): Promise<Result> {
  // Answers and failures of calls belong to `work`.
  let received: Promise<undefined> = Promise.resolve(undefined)
  const calling = (...parameters: Arguments): Answer => {
    const answer = callback(...parameters)
    received = Promise.allSettled([received, answer]).then(() => undefined)
    return answer
  }
  try {
    return await work(calling)
  } finally {
    await received
    releaseCallback(callback)
  }
}

/** Closes the channel of a callback that lives in the page; nothing for one of this thread. */
export function releaseCallback(callback: object): void {
  const { [releaseProxy]: release } = callback as Partial<ProxyMethods>
  release?.()
}
