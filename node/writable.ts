/** Checks that results can be written, before they are computed. */
import { access, constants, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { destinationOf, statIfThere } from './destination'
import { codeOf } from './reason'
import { temporaryBeside } from './whole-file'
import { WriteError } from './write-error'

/** Leaves no trace. Rejects with a `WriteError` when `writeWhole` could not write the file. */
export async function ensureWritable(path: string): Promise<void> {
  await orWriteError(path, async () => {
    const destination = await destinationOf(path)
    if (destination.kind === 'folder') throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
    if (destination.kind === 'stream') await access(path, constants.W_OK)
    else await probe(dirname(destination.path))
  })
}

/** Leaves no trace. Rejects with a `WriteError` when no file could be written into the folder, there or not. */
export async function ensureWritableFolder(folder: string): Promise<void> {
  await orWriteError(folder, () => probe(resolve(folder)))
}

/** Writes and removes a file in a folder, or in the nearest above it that is there. */
async function probe(folder: string): Promise<void> {
  const found = await statIfThere(folder)
  const above = dirname(folder)
  if (!found && above !== folder) return await probe(above)
  // Permissions alone do not tell: the superuser has them all, and /proc or a full disk takes nothing.
  const file = temporaryBeside(join(folder, 'moescope'))
  try {
    await writeFile(file, 'x')
  } finally {
    await rm(file, { force: true }).catch(() => undefined)
  }
}

async function orWriteError(path: string, check: () => Promise<void>): Promise<void> {
  try {
    await check()
  } catch (error) {
    throw codeOf(error) === undefined ? error : new WriteError(path, error)
  }
}
