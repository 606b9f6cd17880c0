/** A stretch of a text that a model reads at once: tokens `start` to `end`, of which those from `from` on are new. */
export interface ReadingWindow {
  readonly start: number
  readonly from: number
  readonly end: number
}

/**
 * Cuts a text into windows that fit a model's context, as such models were trained: a window begins with the newline
 * before a line and holds as many whole lines as fit. A line longer than the context is read in several windows, each
 * of which begins with the last half of the context before it. Every token is new in exactly one window.
 *
 * @param tokens a text with the newline before its first line
 * @param newline the token that opens a text; of a model whose texts are not lines it is in no other place
 */
export function readingWindows(tokens: ArrayLike<number>, newline: number, context: number): ReadingWindow[] {
  const windows: ReadingWindow[] = []
  let start = 0
  let from = 0
  while (from < tokens.length) {
    const limit = Math.min(start + context, tokens.length)
    const end = limit === tokens.length && start === from ? limit : lineEnd(tokens, newline, start, from, limit)
    windows.push({ start, from, end })
    from = end
    start = tokens[end] === newline ? end : end - Math.floor(context / 2)
  }
  return windows
}

/** End of a window: the last newline within its limit, or the first where it began inside a line. */
function lineEnd(tokens: ArrayLike<number>, newline: number, start: number, from: number, limit: number): number {
  const ends = Array.from({ length: limit - from }, (_, i) => from + 1 + i).filter((i) => tokens[i] === newline)
  return (start === from ? ends.at(-1) : ends[0]) ?? limit
}
