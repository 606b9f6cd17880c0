/** Files that are written whole or not at all, so that a kill at any moment leaves the old one or the new one. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { codeOf, reasonOf } from './reason'

/** Temporary files that this process is writing now. */
const writing = new Set<string>()

const temporaryName = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/

/**
 * Writes a file under another name, flushes it, and renames it. Its folder is made when there is none.
 *
 * @throws {Error} that names the file and the reason; what was there before is unchanged then
 */
export async function writeWhole(
  path: string,
  content: Uint8Array | string | AsyncIterable<Uint8Array>
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  writing.add(basename(temporary))
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, content, { flush: true })
    await renameOver(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw new Error(`cannot write ${path}: ${reasonOf(error)}; what was there before is unchanged`, { cause: error })
  } finally {
    writing.delete(basename(temporary))
  }
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
