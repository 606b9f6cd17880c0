/** Text out of a source of bytes: whole where it is small, else line by line. */
import { type ByteSource, exactBytes } from './byte-source'
import { FormatError } from './format-error'
import { jsonOf } from './json'

/** Bytes of text that are parsed at once. */
const mostTextBytes = 64 * 1024 * 1024
const stretchBytes = 4 * 1024 * 1024

/**
 * The value of a source that is one JSON text. Rejects with a `FormatError` when it is not, or longer than 64 MiB;
 * `instead` then says what to do.
 */
export async function readJson(source: ByteSource, instead: string): Promise<unknown> {
  if (source.size > mostTextBytes) {
    throw new FormatError(`${source.name}: JSON of ${source.size} bytes, and ${mostTextBytes} are read; ${instead}`)
  }
  return jsonOf(await exactBytes(source, 0, source.size, source.name), source.name)
}

/** Whole lines that follow each other, without their ends. */
export interface LineBlock {
  readonly lines: readonly string[]
  /** Number of the first, from 1 on. */
  readonly first: number
  /** Bytes of the source up to the end of the last. */
  readonly end: number
}

/** The lines of a source, in blocks. Rejects with a `FormatError` for a line longer than 64 MiB. */
export async function* readLines(source: ByteSource): AsyncGenerator<LineBlock> {
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  let first = 1
  for (let begin = 0; begin < source.size; begin += stretchBytes) {
    const end = Math.min(begin + stretchBytes, source.size)
    const bytes = await exactBytes(source, begin, end, source.name)
    // No byte of a character of several bytes is a newline.
    const cut = end === source.size ? bytes.length : bytes.lastIndexOf(newline) + 1
    pendingBytes += bytes.length
    if (pendingBytes > mostTextBytes) {
      throw new FormatError(
        `${source.name}: line ${first} is longer than the ${mostTextBytes} bytes that are read; cut the text into ` +
          'shorter sequences'
      )
    }
    if (cut > 0) {
      const decoder = new TextDecoder()
      const texts = [...pending, bytes.subarray(0, cut)].map((part) => decoder.decode(part, { stream: true }))
      const lines = [...texts, decoder.decode()].join('').split('\n')
      if (lines.at(-1) === '') lines.pop()
      yield { lines, first, end: begin + cut }
      first += lines.length
      pending = []
      pendingBytes = bytes.length - cut
    }
    pending.push(bytes.subarray(cut))
  }
}

const newline = '\n'.charCodeAt(0)
