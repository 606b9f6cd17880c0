/** The files that the user opened, by the id that the page knows them by. No other file is ever read for the page. */
import { randomUUID } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { reasonOf } from '../../node/reason'
import type { OpenedFileEntry, ReadFileRequest } from '../channels'

/** Opens files for the page, and reads those only. */
export interface OpenedFiles {
  /** Takes a path from the user, never from the page. Throws when there is no file. */
  open(path: string): Promise<OpenedFileEntry>
  /** Throws for an id that was not given, and when the file has become shorter. */
  read(request: ReadFileRequest): Promise<Uint8Array<ArrayBuffer>>
}

/** @param remember told the path of every file that is opened */
export function createOpenedFiles(remember: (path: string) => Promise<void>): OpenedFiles {
  const paths = new Map<string, string>()
  return {
    open: async (path) => {
      const name = basename(path)
      const found = await stat(path).catch((error: unknown) => {
        throw new Error(`${name} cannot be opened: ${reasonOf(error)}`, { cause: error })
      })
      if (!found.isFile()) throw new Error(`${name} cannot be opened: expected a file, found something else at ${path}`)
      const id = randomUUID()
      paths.set(id, path)
      await remember(path)
      return { id, name, size: found.size }
    },
    read: async ({ id, start, end }) => {
      const path = paths.get(id)
      if (path === undefined) throw new Error('that file was not opened in this session; open it again')
      return await readRange(path, start, end).catch((error: unknown) => {
        throw new Error(`${basename(path)} cannot be read: ${reasonOf(error)}`, { cause: error })
      })
    }
  }
}

/** Bytes `start` to `end` (exclusive) of a file. Throws when it has become shorter. */
export async function readRange(path: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (end > size) throw new Error(`expected bytes ${start} to ${end}, found its end at ${size}; open it again`)
    const bytes = new Uint8Array(end - start)
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done)
      if (bytesRead === 0) throw new Error('it became shorter while it was read; open it again')
      done += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}
