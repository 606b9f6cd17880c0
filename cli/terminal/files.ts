import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { problemsOf } from '../../node/problems'
import { codeOf, reasonOf } from '../../node/reason'
import * as wholeFile from '../../node/whole-file'
import { FailureError } from './errors'

/**
 * Writes a file whole or not at all, so that a kill leaves the old one. Throws a `FailureError`, and the reason of the
 * signal when the content ends with it.
 */
export async function writeWhole(
  path: string,
  content: Uint8Array | string | AsyncIterable<Uint8Array>,
  signal?: AbortSignal
): Promise<void> {
  try {
    await wholeFile.writeWhole(path, content)
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    // These come from what the content is made of, and tell nothing of the file that is written.
    if (cause instanceof FailureError || (signal?.aborted && cause === signal.reason)) throw cause
    const known = inWords[codeOf(cause) ?? '']
    const message = known && `cannot write ${path}: ${known}; what was there before is unchanged`
    throw new FailureError(message ?? reasonOf(error), { cause: error })
  }
}

/** By the code of the system. */
const inWords: Readonly<Record<string, string | undefined>> = {
  EACCES: 'its folder may not be written to',
  EDQUOT: 'your share of the disk is used up',
  EEXIST: 'a part of its path is a file, not a folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EPERM: 'its folder may not be written to',
  EROFS: 'the disk can only be read'
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
