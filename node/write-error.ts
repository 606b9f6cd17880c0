import { codeOf, reasonOf } from './reason'

/** A file that cannot be written. The message names it and says why in words. */
export class WriteError extends Error {
  override readonly name = 'WriteError'

  readonly path: string

  /**
   * @param cause the system's error
   * @param consequence follows the reason
   */
  constructor(path: string, cause: unknown, consequence = '') {
    super(`cannot write ${path}: ${inWords[codeOf(cause) ?? ''] ?? reasonOf(cause)}${consequence}`, { cause })
    this.path = path
  }
}

/** By the code of the system. */
const inWords: Readonly<Record<string, string | undefined>> = {
  EACCES: 'its folder may not be written to',
  EDQUOT: 'your share of the disk is used up',
  EEXIST: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder; name a file in it',
  ELOOP: 'it is a circle of symbolic links',
  ENOENT: 'its folder cannot be made',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EPERM: 'its folder may not be written to',
  EPIPE: 'its reader has gone away',
  EROFS: 'the disk can only be read'
}
