import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../../node/reason'
import type { StorageFacts } from '../channels'

/**
 * The folder to keep everything in: the preferred one, or a temporary one when nothing can be written there.
 *
 * @param makeTemporary makes an empty folder; whatever it throws is thrown
 */
export function usableFolder(preferred: string, makeTemporary: () => string): StorageFacts {
  const reason = whyUnusable(preferred)
  if (reason === undefined) return { folder: preferred, problem: null }
  const folder = makeTemporary()
  return {
    folder,
    problem: `Nothing is kept beyond this session, because ${preferred} cannot be written: ${reason}.`
  }
}

/** Removes a temporary folder when the app has ended: what is kept nowhere shall not be found there either. */
export function removeTemporary(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    // Chromium may still hold some of it: what is left is the system's to sweep.
  }
}

/** Reason for which a folder, made when missing, takes no files; undefined when it does. */
export function whyUnusable(folder: string): string | undefined {
  const probe = join(folder, `.moescope-probe-${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(probe, 'x')
    rmSync(probe)
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}
