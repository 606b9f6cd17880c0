/** JSON of servers: one response, a list of them, or one on each line. */
import type { ByteSource } from '../../formats/byte-source'
import { FormatError } from '../../formats/format-error'
import { parseJson } from '../../formats/json'
import { readJson, readLines } from '../../formats/text'
import { type ReadOptions, type Sniffed, throwIfStopped } from './importer'

export interface Response {
  /** Its place in the file, for messages. */
  readonly place: string
  readonly value: unknown
}

const instead = 'save the arrays as .npy instead (docs/recording-traces.md), or fewer responses at once'

/** Of JSON lines, whose arrays are all in memory. */
const mostBytes = 512 * 1024 * 1024

/**
 * The responses of a file, one at a time; a last line that a kill cut off is told and left out. Rejects with a
 * `FormatError` when it is no JSON, more than 64 MiB, or JSON lines of more than 512 MiB.
 */
export async function* readResponses(
  { source, content }: Sniffed,
  options: ReadOptions,
  onCut: OnCut
): AsyncGenerator<Response> {
  if (content.kind !== 'text' || !isJsonLines(content.head)) {
    const value = await readJson(source, instead)
    if (Array.isArray(value)) yield* value.map((each: unknown, i) => ({ place: `[${i}].`, value: each }))
    else yield { place: '', value }
    return
  }
  if (source.size > mostBytes) {
    throw new FormatError(`JSON lines of ${source.size} bytes, and ${mostBytes} are read; ${instead}`)
  }
  for await (const { place, value } of readJsonLines(source, options, onCut)) yield { place: `${place}: `, value }
}

/** Hears, in a sentence for the user, that the last line is not whole. */
export type OnCut = (note: string) => void

/**
 * The values of JSON lines with their places, such as `line 3`. Rejects with a `FormatError` that names a line which is no
 * JSON, but for the last one of several where no newline ends it: whoever wrote it was killed.
 */
export async function* readJsonLines(source: ByteSource, options: ReadOptions, onCut: OnCut): AsyncGenerator<JsonLine> {
  const ended = new TextDecoder().decode(await source.bytes(source.size - 1, source.size)) === '\n'
  let whole = 0
  for await (const { lines, first, end } of readLines(source)) {
    for (const [i, line] of lines.entries()) {
      if (line.trim() === '') continue
      const place = `line ${first + i}`
      const isLast = !ended && end === source.size && i === lines.length - 1
      const value = isLast && whole > 0 ? wholeOf(line, place) : { json: parseJson(line, place) }
      if (!value) {
        onCut(
          `The last line (${first + i}) is cut off, as by a kill, and is left out: the ${whole} before it are whole.`
        )
        return
      }
      whole++
      yield { place, value: value.json, length: line.length }
    }
    options.progress?.(end, source.size)
    throwIfStopped(options)
  }
}

export interface JsonLine extends Response {
  /** Characters. */
  readonly length: number
}

/** Undefined for a text that is not whole. */
function wholeOf(line: string, place: string): { readonly json: unknown } | undefined {
  try {
    return { json: parseJson(line, place) }
  } catch (error) {
    if (error instanceof FormatError) return undefined
    throw error
  }
}

/** True where the first line is a JSON text of its own, as far as the head of the file shows it. */
function isJsonLines(head: string): boolean {
  const end = head.indexOf('\n')
  return head.startsWith('{') && (end < 0 || head.slice(0, end).trimEnd().endsWith('}'))
}

/**
 * Integers in nested lists, all lists of a level equally long. Throws a `FormatError` that names the place.
 *
 * @param axes what each level of lists is
 * @param most values that a text of its length can have
 */
export function nestedIntegers(value: unknown, axes: readonly string[], place: string, most: number): NestedIntegers {
  const sizes = sizesOf(value, axes, place)
  const count = sizes.reduce((product, size) => product * size, 1)
  if (count > most) throw new FormatError(`${place}: lists of [${sizes.join(', ')}] contradict the length of the file`)
  const values = new Int32Array(count)
  let written = 0
  const fill = (list: unknown, axis: number, at: string): void => {
    if (!Array.isArray(list) || list.length !== sizes[axis]) {
      throw new FormatError(`${at}: expected a list of ${sizes[axis]} (${axes[axis]}), found ${inWords(list)}`)
    }
    for (let i = 0; i < list.length; i++) {
      const each: unknown = list[i]
      if (axis + 1 < sizes.length) fill(each, axis + 1, `${at}[${i}]`)
      else if (typeof each === 'number' && Number.isInteger(each) && Math.abs(each) < 2 ** 31) values[written++] = each
      else throw new FormatError(`${at}[${i}]: expected a whole number, found ${inWords(each)}`)
    }
  }
  fill(value, 0, place)
  return { shape: sizes, values }
}

/** A value that may be of any size and depth, in a few words. */
function inWords(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

export interface NestedIntegers {
  readonly shape: readonly number[]
  readonly values: Int32Array
}

/** The lengths of the first lists. */
function sizesOf(value: unknown, axes: readonly string[], place: string): number[] {
  const sizes: number[] = []
  let list = value
  for (const axis of axes) {
    if (!Array.isArray(list)) {
      if (sizes.at(-1) !== 0)
        throw new FormatError(`${place}: expected nested lists [${axes.join(', ')}], found no list of ${axis}`)
      sizes.push(0)
      continue
    }
    sizes.push(list.length)
    list = list[0]
  }
  return sizes
}
