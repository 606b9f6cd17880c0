export interface Background {
  /** Has work go on by itself. */
  add(work: Promise<unknown>): void
  /** True once some of it has failed. */
  readonly hasFailed: boolean
  /** Resolves once all of it has ended; rejects with the first failure. */
  ended(): Promise<void>
}

/** Work that nobody waits for before the next begins, and whose failures are not lost. */
export function createBackground(): Background {
  const going = new Set<Promise<void>>()
  const problems: unknown[] = []
  return {
    add: (work) => {
      const settled: Promise<void> = work
        .then(
          () => undefined,
          (error: unknown) => void problems.push(error)
        )
        .finally(() => going.delete(settled))
      going.add(settled)
    },
    get hasFailed() {
      return problems.length > 0
    },
    ended: async () => {
      while (going.size > 0) await Promise.all(going)
      if (problems.length > 0) throw problems[0]
    }
  }
}
