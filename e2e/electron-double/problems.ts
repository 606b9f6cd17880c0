/** What went wrong and no test expected: a test reads it at its end. */

const found: string[] = []

/** Everything so far. */
export const problems: readonly string[] = found

/** Notes what should not have happened; the program goes on. */
export function complain(problem: string): void {
  found.push(problem)
  process.stderr.write(`electron double: ${problem}\n`)
}

/** An error in words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
