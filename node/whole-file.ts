/** Files that are written whole or not at all, so that a kill at any moment leaves the old one or the new one. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { destinationOf } from './destination'
import { codeOf } from './reason'
import { WriteError } from './write-error'

/** Bytes, text, or bytes as they come. */
export type Content = Uint8Array | string | AsyncIterable<Uint8Array>

/** Temporary files that this process is writing now. */
const writing = new Set<string>()

/** Names of files that are being written, or that a killed write left. */
export const temporaryName = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/

/**
 * Writes a file under another name, flushes it, and renames it; its folder is made when there is none. A symbolic link
 * stays, and the file that it leads to is replaced. A device, a pipe or an open descriptor (/dev/stdout) is written to
 * directly.
 *
 * @throws {WriteError} that names the file and the reason; a file that was there before is unchanged then. Errors of
 * the content itself come through as they are
 */
export async function writeWhole(path: string, content: Content): Promise<void> {
  let consequence = ''
  try {
    const destination = await destinationOf(path)
    if (destination.kind === 'stream') return await writeFile(path, content)
    consequence = '; what was there before is unchanged'
    await replace(destination.path, content)
  } catch (error) {
    throw codeOf(error) === undefined ? error : new WriteError(path, error, consequence)
  }
}

async function replace(path: string, content: Content): Promise<void> {
  const temporary = temporaryBeside(path)
  writing.add(basename(temporary))
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, content, { flush: true })
    await renameOver(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  } finally {
    writing.delete(basename(temporary))
  }
}

/** A name beside a file that is nobody else's, and that `sweepTemporaryFiles` knows. */
export function temporaryBeside(path: string): string {
  return `${path}.${randomUUID()}.tmp`
}

/** Removes what killed writes left in a folder, and answers the names; nothing when there is no such folder. */
export async function sweepTemporaryFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const left = names.filter((name) => temporaryName.test(name) && !writing.has(name))
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })))
  return left
}

/** On Windows a virus scanner or an indexer may hold a file for a moment, and renaming over it fails meanwhile. */
async function renameOver(from: string, to: string): Promise<void> {
  const patience = process.platform === 'win32' ? [20, 80, 320] : []
  for (const ms of patience) {
    try {
      return await rename(from, to)
    } catch (error) {
      if (!['EACCES', 'EBUSY', 'EPERM'].includes(codeOf(error) ?? '')) throw error
      await wait(ms)
    }
  }
  return await rename(from, to)
}
