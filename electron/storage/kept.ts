/** What the main process itself remembers between two starts: one value in one JSON file. */
import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { codeOf, reasonOf } from '../../node/reason'
import { writeWhole } from '../../node/whole-file'
import type { Turns } from './turns'

export interface Kept<T> {
  readonly value: T
  /** Takes a new value at once and writes it; rejects when it could not be written, and is still the value then. */
  set(value: T): Promise<void>
}

/**
 * @param otherwise the value when there is no file, or none that fits the schema
 * @param complain told why a file that is there was not used
 */
export function keep<T>(
  path: string,
  schema: z.ZodType<T>,
  otherwise: T,
  turns: Turns,
  complain: (reason: string) => void
): Kept<T> {
  let value = read(path, schema, complain) ?? otherwise
  return {
    get value() {
      return value
    },
    set: (next) => {
      value = next
      return turns.take(path, () => writeWhole(path, `${JSON.stringify(next, null, 1)}\n`))
    }
  }
}

function read<T>(path: string, schema: z.ZodType<T>, complain: (reason: string) => void): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') complain(`${path} is not used: ${reasonOf(error)}`)
    return undefined
  }
}
