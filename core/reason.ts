/** The message of whatever was thrown, as one line. */
export function reasonOf(error: unknown): string {
  return messageOf(error).replaceAll(/\s*\n\s*/g, '; ')
}

/** The message of an error; of anything else that was thrown, its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
