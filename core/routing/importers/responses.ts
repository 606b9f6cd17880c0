/** JSON of servers: one response, a list of them, or one on each line. */
import type { ByteSource } from '../../formats/byte-source'
import { FormatError } from '../../formats/format-error'
import { parseJson, readJson, readLines } from '../../formats/text'

export interface Response {
  /** Where it is in the file: for messages. */
  readonly place: string
  readonly value: unknown
}

const instead = 'save the arrays as .npy instead (docs/recording-traces.md), or fewer responses at once'

/** The responses of a file. Rejects with a `FormatError` when it is no JSON, or more than 64 MiB. */
export async function readResponses(source: ByteSource, head: string): Promise<Response[]> {
  if (isJsonLines(head)) {
    const responses: Response[] = []
    for await (const { lines, first } of readLines(source)) {
      for (const [i, line] of lines.entries()) {
        const place = `line ${first + i}`
        if (line.trim() !== '') responses.push({ place: `${place}: `, value: parseJson(line, place) })
      }
    }
    return responses
  }
  const value = await readJson(source, instead)
  if (!Array.isArray(value)) return [{ place: '', value }]
  return value.map((each: unknown, i) => ({ place: `[${i}].`, value: each }))
}

/** Whether the first line is a JSON text of its own, and others follow. */
function isJsonLines(head: string): boolean {
  const end = head.indexOf('\n')
  const first = head.slice(0, end).trim()
  return end > 0 && head.startsWith('{') && first.endsWith('}') && head.slice(end).trim() !== ''
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
      const found = Array.isArray(list) ? `a list of ${list.length}` : typeof list
      throw new FormatError(`${at}: expected a list of ${sizes[axis]} (${axes[axis]}), found ${found}`)
    }
    for (let i = 0; i < list.length; i++) {
      const each: unknown = list[i]
      if (axis + 1 < sizes.length) fill(each, axis + 1, `${at}[${i}]`)
      else if (typeof each === 'number' && Number.isInteger(each) && Math.abs(each) < 2 ** 31) values[written++] = each
      else throw new FormatError(`${at}[${i}]: expected a whole number, found ${JSON.stringify(each).slice(0, 40)}`)
    }
  }
  fill(value, 0, place)
  return { shape: sizes, values }
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
