/** JSON text to values and back; the only place that parses JSON from outside. */

import type { z } from 'zod'
import { messageOf } from '../reason'
import { FormatError } from './format-error'
import { otherText } from './other-text'
import { parsedBy } from './problems'

/** Lists and objects of a JSON text: short ones take ten times their text in memory, and far more time than long ones. */
const mostContainers = 4_000_000

/** Levels of lists and objects, as serde_json has it, which reads the files of Hugging Face. */
const mostLevels = 128

/**
 * The value of JSON text; a byte order mark is passed over, and NaN, Infinity and -Infinity are the numbers as which
 * Python writes and reads them (its json module, `allow_nan`). Throws a `FormatError` that begins with `place` for
 * another text, and for one of more than 128 levels or 4 million lists and objects.
 */
export function parseJson(text: string, place: string): unknown {
  checkContainers(text, place)
  const json = text.startsWith('\ufeff') ? text.slice(1) : text
  try {
    return JSON.parse(json)
  } catch (cause) {
    const standard = standardJson(json)
    if (standard !== undefined && isJson(standard)) return JSON.parse(standard, numberOfPython)
    const other = otherText(json)
    const why =
      other === undefined ? `${messageOf(cause)}: the file is truncated, or of another kind` : `it is ${other}`
    throw new FormatError(`${place} is not JSON: ${why}`, { cause })
  }
}

/** The value of JSON text in UTF-8, or in UTF-16 with a byte order mark. Throws as `parseJson`. */
export function jsonOf(bytes: Uint8Array, place: string): unknown {
  const [a = 0, b = 0] = bytes
  const encoding = a + b !== 0x1fd ? 'utf-8' : a === 0xff ? 'utf-16le' : 'utf-16be'
  return parseJson(new TextDecoder(encoding).decode(bytes), place)
}

/** The value of JSON text in UTF-8 by a schema. Throws as `parseJson`, and where the value does not fit. */
export function jsonBy<T>(schema: z.ZodType<T>, bytes: Uint8Array, place: string): T {
  return parsedBy(schema, jsonOf(bytes, place), `${place}: `)
}

/** A value as indented JSON with a final newline. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`
}

/** Bytes of a value as indented JSON with a final newline, in UTF-8. */
export function jsonBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(jsonText(value))
}

/** Stands for NaN, which no JSON can say. */
const notANumber = '\0NaN'

/** JSON text with Python's words for numbers in terms of JSON: 1e999 is Infinity. Undefined where there are none. */
function standardJson(text: string): string | undefined {
  const parts: string[] = []
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) i = endOfString(text, i)
    const word = code === letterN ? 'NaN' : code === letterI ? 'Infinity' : undefined
    if (word === undefined || !text.startsWith(word, i)) continue
    parts.push(text.slice(start, i), word === 'NaN' ? JSON.stringify(notANumber) : '1e999')
    start = i + word.length
    i = start - 1
  }
  return parts.length === 0 ? undefined : [...parts, text.slice(start)].join('')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const numberOfPython = (_: string, value: unknown): unknown => (value === notANumber ? Number.NaN : value)

/** Whoever walks through a value of any depth runs out of stack. */
function checkContainers(text: string, place: string): void {
  let [containers, level, deepest] = [0, 0, 0]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) i = endOfString(text, i)
    else if (code === openingBracket || code === openingBrace) {
      containers++
      level++
      if (level > deepest) deepest = level
    } else if (code === closingBracket || code === closingBrace) level--
  }
  if (deepest > mostLevels) {
    throw new FormatError(`${place}: JSON of ${deepest} levels of lists and objects, and ${mostLevels} are read`)
  }
  if (containers > mostContainers) {
    throw new FormatError(
      `${place}: JSON of ${containers} lists and objects, and ${mostContainers} are read; cut it into shorter texts`
    )
  }
}

/** The place of the quote that ends the string which begins at another; the end of a text that does not end it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return text.length
}

const letterN = 'N'.charCodeAt(0)
const letterI = 'I'.charCodeAt(0)
const quote = '"'.charCodeAt(0)
const backslash = '\\'.charCodeAt(0)
const openingBracket = '['.charCodeAt(0)
const closingBracket = ']'.charCodeAt(0)
const openingBrace = '{'.charCodeAt(0)
const closingBrace = '}'.charCodeAt(0)
