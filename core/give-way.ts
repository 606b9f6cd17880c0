/**
 * Gives way to what waits in this thread, such as a message that says to stop. Awaiting a promise does not do that:
 * WebAssembly computes on the thread that it is called from, and its promises settle before any message is heard.
 */
export function giveWay(): Promise<void> {
  return new Promise((resume) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resume()
    }
    port2.postMessage(undefined)
  })
}

/**
 * Awaited by long work between two of its steps: gives way, and may let it stand still, or throw to end it. `giveWay` is
 * the one that does nothing more.
 */
export type Turn = () => Promise<void>

/** A turn that throws the reason of a signal once it is aborted. */
export function turnUntil(signal: AbortSignal): Turn {
  return async () => {
    await giveWay()
    signal.throwIfAborted()
  }
}
