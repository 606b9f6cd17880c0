import { readFile } from 'node:fs/promises'
import { jsonBy } from '@core/formats/json'
import type { z } from 'zod'
import { codeOf, reasonOf } from '../../node/reason'
import type { Content } from '../../node/whole-file'
import * as wholeFile from '../../node/whole-file'
import * as writable from '../../node/writable'
import { WriteError } from '../../node/write-error'
import { FailureError } from './errors'

/**
 * Writes a file whole or not at all, so that a kill leaves the old one; devices and pipes as they are. Throws a
 * `FailureError`; errors of the content come through as they are.
 */
export async function writeWhole(path: string, content: Content): Promise<void> {
  await orFailure(wholeFile.writeWhole(path, content))
}

/** Throws a `FailureError`, before anything is computed, when a file could not be written. */
export async function ensureWritable(path: string): Promise<void> {
  await orFailure(writable.ensureWritable(path))
}

/** Throws a `FailureError`, before anything is computed, when no file could be written into a folder. */
export async function ensureWritableFolder(folder: string): Promise<void> {
  await orFailure(writable.ensureWritableFolder(folder))
}

async function orFailure<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    throw error instanceof WriteError ? new FailureError(error.message, { cause: error }) : error
  }
}

/** Bytes of a file; undefined when there is none. Throws a `FailureError` when it cannot be read. */
export async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
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

/** The value of JSON text by a schema. Throws a `FormatError` that names the file, the place in it and what is wrong. */
export function parseJson<T>(path: string, bytes: Uint8Array, schema: z.ZodType<T>): T {
  return jsonBy(schema, bytes, path)
}
