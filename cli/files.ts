import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { z } from 'zod'
import { FailureError, reasonOf } from './errors'

/** Writes a file whole or not at all: under another name first, then renamed, so that a kill leaves the old one. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, content, { flush: true })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw new FailureError(`cannot write ${path}: ${reasonOf(error)}; what was there before is unchanged`, {
      cause: error
    })
  }
}

/** A value as indented JSON with a final newline. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`
}

/** Bytes of a file; undefined when there is none. Throws a `FailureError` when it cannot be read. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
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
  const problems = parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '))
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : ''
  throw new FailureError(`${path}: ${problems.slice(0, 3).join('; ')}${more}`)
}

function jsonOf(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    throw new FailureError(`${path} is not JSON: ${reasonOf(error)}`, { cause: error })
  }
}
