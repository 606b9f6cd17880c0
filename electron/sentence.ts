/** The message of an error of the main process, without what Electron puts before it on its way to the page. */
export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/^Error invoking remote method '[^']*': (\w*Error: )?/, '')
}
