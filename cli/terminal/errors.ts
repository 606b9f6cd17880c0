/** The command line is wrong: exit status 2. */
export class UsageError extends Error {}

/** Something expected went wrong, told in one line: exit status 1. */
export class FailureError extends Error {}

/** Stopped by the user, with everything done so far saved: exit status 130, as shells give to an interrupted program. */
export class InterruptionError extends Error {}

/** Rejects with an `InterruptionError` instead of the signal's reason when a signal stops the work. */
export async function interruptible<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (signal?.aborted && error === signal.reason) throw new InterruptionError('interrupted', { cause: error })
    throw error
  }
}
