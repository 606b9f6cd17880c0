import { once } from 'node:events'
import type { Paint } from './paint'
import { colourDepth, createPaint } from './paint'

/** Environment of a command. */
export interface Terminal {
  /** Writes to standard output: the result. */
  write(text: string): void
  /** Writes bytes to standard output; resolves once the next ones may follow. */
  writeBytes(bytes: Uint8Array): Promise<void>
  /** Writes to standard error: progress and what goes wrong. */
  tell(text: string): void
  /** True when standard output, and when standard error, is a terminal. */
  readonly outputIsRead: boolean
  readonly progressIsRead: boolean
  /** Characters of a line. */
  readonly columns: number
  /** For standard output. */
  readonly paint: Paint
  /** Folder of the shipped models. */
  readonly modelsFolder: string
  /** File and first arguments of a process that runs this program; a command follows. */
  readonly program: readonly string[]
  /**
   * Asks to be told of an interruption (Ctrl+C, a request to end, a reader of the output that went away, or the process
   * that has begun this one as its child) instead of being ended by it. A second one ends the program at once.
   */
  interruption(): AbortSignal
}

/** The terminal of this process. */
export function createTerminal(modelsFolder: string): Terminal {
  const { stdout, stderr, env } = process
  let controller: AbortController | undefined
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      stderr.write(`moescope: cannot write the output: ${error.message}\n`)
      process.exit(1)
    }
    // The reader has seen enough, as `head` has: no failure.
    if (controller) controller.abort()
    else process.exit(0)
  })
  return {
    write: (text) => void stdout.write(text),
    writeBytes: async (bytes) => {
      if (!stdout.write(bytes)) await once(stdout, 'drain')
    },
    tell: (text) => void stderr.write(text),
    outputIsRead: stdout.isTTY,
    progressIsRead: stderr.isTTY,
    columns: Number(env.COLUMNS) || stdout.columns || 80,
    paint: createPaint(colourDepth(stdout.isTTY, env)),
    modelsFolder,
    program: [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2)],
    interruption: () => {
      if (!controller) {
        const created = new AbortController()
        controller = created
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => created.abort())
        process.once('disconnect', () => created.abort())
        // Listening alone does not keep the process.
        process.channel?.unref()
        if ('connected' in process && !process.connected) created.abort()
      }
      return controller.signal
    }
  }
}
