import type { Terminal } from './terminal'

/** JSON, a value a line. Many lines at a time: a write costs more than a line. */
export async function* jsonLines(values: Iterable<unknown>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  for (const value of values) {
    text += `${JSON.stringify(value)}\n`
    if (text.length < charactersAtOnce) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text !== '') yield encoder.encode(text)
}

const charactersAtOnce = 2 ** 18

/** Writes JSON to standard output, a value a line, as quickly as its reader takes it. */
export async function writeJsonLines(
  { writeBytes }: Pick<Terminal, 'writeBytes'>,
  values: Iterable<unknown>
): Promise<void> {
  for await (const lines of jsonLines(values)) await writeBytes(lines)
}
