/** JSON files that runs leave. */
import type { z } from 'zod'
import { FormatError } from '../formats/format-error'
import { jsonText } from '../formats/json-text'
import { reasonOf } from '../reason'

/** Bytes of a value as indented JSON. */
export function jsonBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(jsonText(value))
}

/** The value of a JSON file by its schema. Throws a `FormatError` that names the file, the place in it and what is wrong. */
export function readJsonBytes<T>(name: string, bytes: Uint8Array, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(jsonOf(name, bytes))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new FormatError(`${name}: ${problems.slice(0, 3).join('; ')}`)
}

function jsonOf(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new FormatError(`${name} is not JSON: ${reasonOf(error)}`, { cause: error })
  }
}
