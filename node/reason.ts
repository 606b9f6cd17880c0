export { reasonOf } from '../core/reason'

/** Code of an error of Node's, e.g. 'ENOENT'; undefined for any other error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
