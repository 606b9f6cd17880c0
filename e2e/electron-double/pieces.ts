/**
 * Long texts go between page and main process in pieces: DevTools take ten times as long for one of 20 MB as for its
 * pieces. Each piece begins with a sign that says whether it is the last.
 */

/** UTF-16 units of a piece. */
const most = 60_000
const [more, last] = ['+', '.']

/** The pieces of a text. */
export function piecesOf(text: string): string[] {
  const count = Math.max(1, Math.ceil(text.length / most))
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? last : more) + text.slice(i * most, (i + 1) * most))
}

/** Joins pieces that come in their order; gives the text with its last one. */
export function createJoiner(): (piece: string) => string | undefined {
  let parts: string[] = []
  return (piece) => {
    parts.push(piece.slice(1))
    if (piece.startsWith(more)) return undefined
    const text = parts.join('')
    parts = []
    return text
  }
}
