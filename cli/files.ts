import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FailureError } from './errors'

/** Writes a file whole or not at all: under another name first, then renamed, so that a kill leaves the old one. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, content, { flush: true })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    const reason = error instanceof Error ? error.message : String(error)
    throw new FailureError(`cannot write ${path}: ${reason}; what was there before is unchanged`, { cause: error })
  }
}

/** A value as indented JSON with a final newline. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`
}
