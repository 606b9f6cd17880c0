/** Lets actions on the same thing take turns in the order they were asked for; others do not wait. */
export interface Turns {
  /** Acts once everything that was asked for before under this key has ended, well or badly. */
  take<T>(key: string, act: () => Promise<T>): Promise<T>
  /** Waits for everything that has been asked for. It never rejects: whoever asked was told. */
  settled(): Promise<void>
  /** True while idle. */
  readonly idle: boolean
}

/** Turns that nobody has asked for yet. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    take: (key, act) => {
      const turn = (last.get(key) ?? Promise.resolve()).then(act, act)
      last.set(key, turn)
      const leave = () => {
        if (last.get(key) === turn) last.delete(key)
      }
      turn.then(leave, leave)
      return turn
    },
    get idle() {
      return last.size === 0
    },
    settled: async () => {
      while (last.size > 0) await Promise.allSettled(last.values())
    }
  }
}
