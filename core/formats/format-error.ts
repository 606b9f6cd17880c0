/**
 * Bytes that are not what their format says they are: truncated, contradictory or of an unknown kind. The message
 * names the format, the place in it, what was expected and what was found. Every reader of `core/formats` throws this
 * class and no other for bad input.
 */
export class FormatError extends Error {
  override readonly name = 'FormatError'
}
