import { type FileHandle, open } from 'node:fs/promises'
import type { ByteSource } from '@core/formats/byte-source'
import { codeOf, reasonOf } from '../../node/reason'
import { FailureError } from './errors'

/** The bytes of a file, which stays open until it is closed. */
export interface FileSource extends ByteSource {
  close(): Promise<void>
}

/**
 * Opens a file to read parts of it. Its `bytes` end early where the file has meanwhile become shorter. Rejects, as
 * `bytes` does, with a `FailureError` that names the file when it is missing, a folder, or cannot be read.
 */
export async function openFileSource(path: string): Promise<FileSource> {
  const file = await orFailure(path, open(path))
  try {
    const status = await orFailure(path, file.stat())
    if (status.isDirectory()) {
      throw new FailureError(
        `cannot read ${path}: it is a folder; give a file in it, or, if it holds a model, record what its routers decide ` +
          `with 'moescope trace record ${path} --text FILE --out T.safetensors'`
      )
    }
    const { size } = status
    return {
      name: path,
      size,
      bytes: (start = 0, end = size) => orFailure(path, readRange(file, start, end)),
      close: () => file.close()
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readRange(file: FileHandle, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start)
  let filled = 0
  while (filled < bytes.length) {
    // One read may give less than was asked for: the system's limit is 2 GiB.
    const { bytesRead } = await file.read(bytes, filled, Math.min(bytes.length - filled, 2 ** 30), start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled < bytes.length ? bytes.subarray(0, filled) : bytes
}

async function orFailure<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new FailureError(`${path} does not exist`, { cause: error })
    throw new FailureError(`cannot read ${path}: ${reasonOf(error)}`, { cause: error })
  }
}
