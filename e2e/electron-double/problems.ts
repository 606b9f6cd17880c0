/** Problems that no test expected. */

/** Tells the test what should not have happened; the program goes on. */
export function complain(problem: string): void {
  process.send?.({ problem } satisfies ToldProblem)
  process.stderr.write(`electron double: ${problem}\n`)
}

/** As it is told. */
export interface ToldProblem {
  readonly problem: string
}

/** An error in words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
