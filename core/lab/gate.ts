import { giveWay } from '../give-way'

/** Lets a run be stopped between two of its steps, for good or for a while. */
export interface Gate {
  readonly signal: AbortSignal
  /** Awaited by the run between two steps; see `RunContext.turn`. */
  turn(): Promise<void>
  /** Resolves once the run stands still: between two steps, or because it has ended. */
  pause(): Promise<void>
  resume(): void
  /** Lets a run that stands still take one step. Resolves once it stands still again, or has ended. */
  step(): Promise<void>
  /** To be called by the run after each of its steps. */
  stepped(): void
  cancel(): void
  /** To be called when the run has ended. */
  end(): void
}

export function createGate(): Gate {
  const controller = new AbortController()
  const { signal } = controller
  /** While the run is to stand still: what it awaits, and what those await who asked it to. */
  let pause: { readonly over: Latch; readonly reached: Latch } | undefined
  /** While the run takes a single step: awaited by those who asked for it. */
  let single: Latch | undefined
  let ended = false
  const resume = () => {
    pause?.reached.open()
    pause?.over.open()
    pause = undefined
  }
  const letGo = () => {
    single?.open()
    resume()
  }
  return {
    signal,
    turn: async () => {
      await giveWay()
      signal.throwIfAborted()
      for (let standstill = pause; standstill; standstill = pause) {
        standstill.reached.open()
        await standstill.over.opened
        signal.throwIfAborted()
      }
    },
    pause: async () => {
      if (ended || signal.aborted) return
      pause ??= { over: createLatch(), reached: createLatch() }
      await pause.reached.opened
    },
    resume,
    step: async () => {
      if (ended || signal.aborted) return
      const reached = createLatch()
      single = reached
      resume()
      await reached.opened
    },
    stepped: () => {
      // It stands still at its next turn.
      if (single) pause = { over: createLatch(), reached: single }
      single = undefined
    },
    cancel: () => {
      controller.abort(new DOMException('cancelled', 'AbortError'))
      letGo()
    },
    end: () => {
      ended = true
      letGo()
    }
  }
}

/** A promise that is resolved from outside. */
interface Latch {
  readonly opened: Promise<void>
  open(): void
}

function createLatch(): Latch {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}
