/**
 * Bytes or values that are not what their format says they are: truncated, contradictory or of an unknown kind. The
 * message names the format, the place in it, what was expected and what was found. Every reader of core throws this
 * class, or one made of it, and no other for bad input.
 *
 * `name` tells the classes apart also where an error has crossed to another thread and its class is lost.
 */
export class FormatError extends Error {
  override readonly name: string = 'FormatError'
}
