/** The command line is wrong: exit status 2. */
export class UsageError extends Error {}

/** Something expected went wrong, told in one line: exit status 1. */
export class FailureError extends Error {}

/** Stopped by the user, with everything done so far saved: exit status 130, as shells give to an interrupted program. */
export class InterruptionError extends Error {}
