/** The `count` words that are most like a word, nearest first, by the number of letters to insert, remove or change. */
export function nearestWords(word: string, words: readonly string[], count: number): string[] {
  // A word longer than any name is no misspelling of one, and the distance takes the product of the lengths.
  const start = word.slice(0, 64)
  return words
    .map((each) => ({ each, distance: editDistance(start, each) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ each }) => each)
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const letter of a) {
    const next = [(row[0] ?? 0) + 1]
    for (let j = 1; j <= b.length; j++) {
      const [above = 0, diagonal = 0, left = 0] = [row[j], row[j - 1], next[j - 1]]
      next.push(Math.min(above + 1, left + 1, diagonal + (letter === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length] ?? 0
}
