/** The file that a command leaves, by `--out` or as an argument. */
import type { Content } from '../../node/whole-file'
import { ensureWritable, writeWhole } from './files'
import type { Terminal } from './terminal'

export interface OutputFile {
  /** In messages. */
  readonly name: string
  /** Writes all of it, whole or not at all where it is a file; answers the bytes. Throws a `FailureError`. */
  write(content: Content): Promise<number>
  /** Tells of it: on standard output, or on standard error where the file itself goes there. */
  tell(text: string): void
}

/**
 * The file of a path; `-` is standard output. Throws a `FailureError` when it cannot be written, so that nothing is
 * computed in vain.
 */
export async function openOutput(path: string, terminal: Terminal): Promise<OutputFile> {
  const isStandardOutput = path === '-' || path === '/dev/stdout'
  if (!isStandardOutput) await ensureWritable(path)
  return {
    name: isStandardOutput ? 'standard output' : path,
    tell: (text) => (isStandardOutput ? terminal.tell(text) : terminal.write(text)),
    write: async (content) => {
      let bytes = 0
      const counted = countBytes(content, (count) => {
        bytes += count
      })
      if (!isStandardOutput) await writeWhole(path, counted)
      else for await (const part of counted) await terminal.writeBytes(part)
      return bytes
    }
  }
}

async function* countBytes(content: Content, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const whole = typeof content === 'string' ? new TextEncoder().encode(content) : content
  for await (const part of whole instanceof Uint8Array ? [whole] : whole) {
    count(part.length)
    yield part
  }
}
