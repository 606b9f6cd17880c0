import type { Terminal } from './terminal'

/** JSON, a value a line, in UTF-8. */
export function jsonLines(values: Iterable<unknown>): AsyncGenerator<Uint8Array> {
  return textLines(mapped(values, (value) => JSON.stringify(value)))
}

/** Lines of text, each with its end, in UTF-8. Many at a time: a write costs more than a line. */
export async function* textLines(lines: Iterable<string>): AsyncGenerator<Uint8Array> {
  let bytes = Buffer.allocUnsafe(bytesAtOnce)
  let end = 0
  for (const line of lines) {
    // Each is encoded by itself: to put one long text together takes longer than all else.
    const most = 3 * line.length + 1
    if (end + most > bytes.length) {
      if (end > 0) yield bytes.subarray(0, end)
      bytes = Buffer.allocUnsafe(Math.max(bytesAtOnce, most))
      end = 0
    }
    end += bytes.write(line, end)
    bytes[end++] = lineFeed
  }
  if (end > 0) yield bytes.subarray(0, end)
}

export function* mapped<T, U>(values: Iterable<T>, of: (value: T) => U): Generator<U> {
  for (const value of values) yield of(value)
}

const lineFeed = 10
const bytesAtOnce = 2 ** 18

/** Writes JSON to standard output, a value a line, as quickly as its reader takes it. */
export async function writeJsonLines(
  { writeBytes }: Pick<Terminal, 'writeBytes'>,
  values: Iterable<unknown>
): Promise<void> {
  for await (const lines of jsonLines(values)) await writeBytes(lines)
}
