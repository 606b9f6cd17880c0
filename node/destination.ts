/** The file or device that writing to a path ends up in. */
import type { Stats } from 'node:fs'
import { readlink, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { codeOf } from './reason'

export interface Destination {
  /** The path without symbolic links at its end. */
  readonly path: string
  /**
   * `file` for one that can be replaced as a whole, there or not; `stream` for a device, a pipe or an open descriptor
   * such as /dev/stdout, which takes what comes and must not be replaced; `folder` for one that can be neither.
   */
  readonly kind: 'file' | 'stream' | 'folder'
}

/** Follows symbolic links, also those that lead to nothing yet. Rejects with the system's error. */
export async function destinationOf(path: string): Promise<Destination> {
  const found = await statIfThere(path)
  if (found?.isDirectory()) return { path, kind: 'folder' }
  const target = await targetOf(path)
  // A link into /dev/fd or /proc names an open file: replacing what it leads to would leave the descriptor behind.
  const isStream = target === undefined || (found !== undefined && !found.isFile())
  return isStream ? { path, kind: 'stream' } : { path: target, kind: 'file' }
}

const maxLinks = 40
const openDescriptor = /^\/(dev|proc\/[^/]+)\/fd\//

/** The end of a chain of links; undefined where the chain passes an open descriptor. */
async function targetOf(path: string): Promise<string | undefined> {
  let target = resolve(path)
  for (let links = 0; links < maxLinks; links++) {
    if (openDescriptor.test(target)) return undefined
    const next = await linkAt(target)
    if (next === undefined) return target
    target = resolve(dirname(target), next)
  }
  throw Object.assign(new Error(`${path} is a circle of symbolic links`), { code: 'ELOOP' })
}

async function linkAt(path: string): Promise<string | undefined> {
  try {
    return await readlink(path)
  } catch (error) {
    // No link, nothing there, or a path through a file: whoever opens it is told.
    if (['EINVAL', 'ENOENT', 'ENOTDIR', 'UNKNOWN'].includes(codeOf(error) ?? '')) return undefined
    throw error
  }
}

/** The kind of thing that a path leads to; undefined when there is nothing. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined
    throw error
  }
}
