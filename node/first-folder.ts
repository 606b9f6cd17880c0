/** Results that must not be lost because their folder cannot be written any more. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeWhole } from './whole-file'
import { WriteError } from './write-error'

export interface NamedContent {
  /** Of the file in its folder. */
  readonly name: string
  readonly content: Uint8Array | string
}

/** The folder that files were written to, and the error that kept them from where they should be. */
export interface FilesWritten {
  readonly folder: string
  /** Undefined when `folder` is the one that was asked for. */
  readonly refusal: WriteError | undefined
}

/**
 * Writes files into a folder or, when that fails (a full disk, one that was taken away), all of them into a new folder
 * of the system's temporary one.
 *
 * @param spare stands for the system's temporary folder
 * @throws {WriteError} of the folder that was asked for, when the temporary one cannot be written either
 */
export async function writeToFirstFolder(
  folder: string,
  files: readonly NamedContent[],
  spare = tmpdir()
): Promise<FilesWritten> {
  try {
    await writeAll(folder, files)
    return { folder, refusal: undefined }
  } catch (refusal) {
    if (!(refusal instanceof WriteError)) throw refusal
    const rescue = await mkdtemp(join(spare, 'moescope-')).catch(() => undefined)
    if (rescue === undefined) throw refusal
    try {
      await writeAll(rescue, files)
    } catch (error) {
      throw error instanceof WriteError ? refusal : error
    }
    return { folder: rescue, refusal }
  }
}

async function writeAll(folder: string, files: readonly NamedContent[]): Promise<void> {
  for (const { name, content } of files) await writeWhole(join(folder, name), content)
}
