/** Values that the main process keeps between two starts, in JSON files, one each. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonBy } from '@core/formats/json'
import type { z } from 'zod'
import { codeOf, reasonOf } from '../../node/reason'
import { writeWhole } from '../../node/whole-file'
import type { Turns } from './turns'

/** A value that is there again at the next start. */
export interface Kept<T> {
  readonly value: T
  /** Takes a new value at once and writes it; rejects when it could not be written, and is still the value then. */
  set(value: T): Promise<void>
}

/** The value kept in a file; `otherwise` when there is no file, or none that fits the schema. */
export type Keep = <T>(name: string, schema: z.ZodType<T>, otherwise: T) => Kept<T>

/**
 * Keeps values in the files of a folder.
 *
 * @param complain told why a file that is there is not used
 */
export function keepIn(folder: string, turns: Turns, complain: (error: unknown) => void): Keep {
  return (name, schema, otherwise) => {
    const path = join(folder, name)
    let value = otherwise
    try {
      value = jsonBy(schema, readFileSync(path), name)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') complain(`${path} is not used: ${reasonOf(error)}`)
    }
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
}
