import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { problemsOf } from '../node/problems'
import { codeOf, reasonOf } from '../node/reason'
import * as wholeFile from '../node/whole-file'
import { FailureError } from './errors'

/** Writes a file whole or not at all, so that a kill leaves the old one. Throws a `FailureError`. */
export async function writeWhole(
  path: string,
  content: Uint8Array | string | AsyncIterable<Uint8Array>
): Promise<void> {
  try {
    await wholeFile.writeWhole(path, content)
  } catch (error) {
    throw new FailureError(reasonOf(error), { cause: error })
  }
}

/** Bytes of a file; undefined when there is none. Throws a `FailureError` when it cannot be read. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new FailureError(`cannot read ${path}: ${reasonOf(error)}`, { cause: error })
  }
}

/** Bytes of a file. Throws a `FailureError` that names it when it is missing or cannot be read. */
export async function readExisting(path: string): Promise<Uint8Array> {
  const found = await readIfThere(path)
  if (!found) throw new FailureError(`${path} does not exist`)
  return found
}

/** The value of JSON text by a schema. Throws a `FailureError` that names the file, the place in it and what is wrong. */
export function parseJson<T>(path: string, bytes: Uint8Array, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(jsonOf(path, bytes))
  if (parsed.success) return parsed.data
  throw new FailureError(`${path}: ${problemsOf(parsed.error)}`)
}

function jsonOf(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new FailureError(`${path} is not JSON: ${reasonOf(error)}`, { cause: error })
  }
}
