/** An area cut into equal tiles, some of which are told from the others: experts, and those at work. */

/** Where a tile lies, in pixels. */
export interface Tile {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Tiles of equal area, nearly square, that fill an area row by row. */
export function tilePlaces(tiles: number, width: number, height: number): Tile[] {
  const rows = Math.min(tiles, Math.max(1, Math.round(Math.sqrt((tiles * height) / width))))
  return Array.from({ length: rows }, (_, row) => {
    const [first, end] = [Math.round((row * tiles) / rows), Math.round(((row + 1) * tiles) / rows)]
    const side = width / (end - first)
    return Array.from({ length: end - first }, (_, column) => ({
      x: column * side,
      y: (first / tiles) * height,
      width: side,
      height: ((end - first) / tiles) * height
    }))
  }).flat()
}

/** Which of some tiles are strong: as many as make up the part, at least one; spread, without a pattern. */
export function spreadOver(tiles: number, part: number): ReadonlySet<number> {
  const strong = Math.max(1, Math.round(tiles * part))
  // One in each of as many stretches, at a place that the golden ratio varies.
  return new Set(Array.from({ length: strong }, (_, i) => Math.floor(((i + ((i * 0.618 + 0.4) % 1)) * tiles) / strong)))
}
